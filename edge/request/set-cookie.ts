/**
 * A `Set-Cookie` value without a `Domain` that is not exactly the own host (RFC 6265 §5.2.3): an application must not plant
 * cookies on its siblings or on the platform.
 */
export function confineCookie(value: string, hostname: string): string {
  if (!/domain/i.test(value)) return value;
  const [pair = '', ...attributes] = value.split(';');
  return [pair, ...attributes.filter((attribute) => isConfined(attribute, hostname))].join(';');
}

function isConfined(attribute: string, hostname: string): boolean {
  const equals = attribute.indexOf('=');
  const name = equals === -1 ? attribute : attribute.slice(0, equals);
  if (name.trim().toLowerCase() !== 'domain') return true;
  const domain = equals === -1 ? '' : attribute.slice(equals + 1);
  return domain.trim().toLowerCase().replace(/^\./, '') === hostname;
}
