export type Target = { readonly host: string; readonly port: number };

/** The authority of a CONNECT request (RFC 9110 §9.3.6): host and port, both there. Undefined for anything else. */
export function parseAuthority(text: string): Target | undefined {
  const match = /^([A-Za-z0-9.-]{1,253}):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const [, host = '', port = ''] = match;
  return isPort(Number(port)) ? { host, port: Number(port) } : undefined;
}

/** The target of a request in absolute form (RFC 9112 §3.2.2), plain HTTP only, without a user. Undefined for anything else. */
export function parseAbsoluteForm(text: string): (Target & { readonly path: string }) | undefined {
  if (!/^http:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return undefined;
  return { host: url.hostname, port: url.port === '' ? 80 : Number(url.port), path: `${url.pathname}${url.search}` };
}

function isPort(value: number): boolean {
  return value >= 1 && value <= 65_535;
}
