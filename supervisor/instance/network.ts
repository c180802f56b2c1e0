/** A range of IPv4 addresses as numbers, both ends included. */
export type Network = { readonly from: number; readonly to: number };

/** Parses `10.64.0.0/16`; an address without a length is a network of one. Throws on anything else. */
export function parseNetwork(cidr: string): Network {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(cidr);
  if (match === null) throw new Error(`“${cidr}” is not an IPv4 network`);
  const bytes = match.slice(1, 5).map(Number);
  const length = match[5] === undefined ? 32 : Number(match[5]);
  const address = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const size = 2 ** (32 - length);
  const from = Math.floor(address / size) * size;
  return { from, to: from + size - 1 };
}

/** Writes a number as an IPv4 address. */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
