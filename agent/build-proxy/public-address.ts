import { BlockList, isIP } from 'node:net';

/**
 * Whether an address belongs to the public internet (RFC 6890): not private, shared, loopback, link-local, benchmarking, multicast or
 * reserved, and no IPv6 form that carries an IPv4 address inside. Documentation ranges pass: some sites keep their mirrors there.
 */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !closed.check(address, 'ipv4');
  // Node would compare an IPv4-mapped address with the IPv4 rules; it has no business here in any case.
  return version === 6 && !/^::ffff:/i.test(address) && global.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

/** Whether an IPv4 address lies in a network in CIDR form. */
export function isInNetwork(address: string, cidr: string): boolean {
  const [start = '', bits = '32'] = cidr.split('/');
  const list = new BlockList();
  list.addSubnet(start, Number(bits), 'ipv4');
  return isIP(address) === 4 && list.check(address, 'ipv4');
}

const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');

const closed = new BlockList();
const closedIpv4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const;
const closedIpv6 = [
  ['2001::', 32],
  ['2002::', 16],
] as const;
for (const [start, bits] of closedIpv4) closed.addSubnet(start, bits, 'ipv4');
for (const [start, bits] of closedIpv6) closed.addSubnet(start, bits, 'ipv6');
