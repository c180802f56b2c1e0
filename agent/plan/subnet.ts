/** The part of the instance's network that one environment gets: a /26, counted from the network's start. */
export type Subnet = { readonly cidr: string; readonly gateway: string };

const subnetBits = 26;
const subnetAddresses = 2 ** (32 - subnetBits);

/** The subnet with this index; 0 is the platform's own. Throws for an index outside the network, which is a bug. */
export function subnetAt(network: string, index: number): Subnet {
  if (index < 0 || index >= countSubnets(network)) throw new Error(`There is no subnet ${index} in ${network}`);
  const start = parseNetwork(network).start + index * subnetAddresses;
  return { cidr: `${formatAddress(start)}/${subnetBits}`, gateway: formatAddress(start + 1) };
}

/** The address with this offset in a subnet in CIDR form. */
export function addressIn(cidr: string, offset: number): string {
  return formatAddress(parseNetwork(cidr).start + offset);
}

/** How many subnets an IPv4 network in CIDR form holds. */
export function countSubnets(network: string): number {
  return 2 ** Math.max(0, subnetBits - parseNetwork(network).bits);
}

function parseNetwork(network: string): { readonly start: number; readonly bits: number } {
  const [address = '', bitsText = '32'] = network.split('/');
  const bits = Number(bitsText);
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - bits);
  return { start: Math.floor(value / size) * size, bits };
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}
