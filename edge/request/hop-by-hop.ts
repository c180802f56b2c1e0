/** Fields that belong to one connection and never pass on (RFC 9110 §7.6.1 and the ones that came before it). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Whether a field, its name in lower case, is for one connection alone. */
export function isHopByHop(lowerCaseName: string): boolean {
  return hopByHop.has(lowerCaseName);
}

/** The names that a `Connection` field adds to the above, in lower case; undefined when it lists only what it lists nearly always. */
export function connectionListed(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || isUsual(connection)) return undefined;
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}

function isUsual(connection: string): boolean {
  return connection === 'keep-alive' || connection === 'close' || connection === 'Upgrade';
}
