/**
 * IPv4 destinations that no workload's egress includes (RFC 6890): the own network, private and shared address space, loopback,
 * link-local with its metadata services, benchmarking, multicast and reserved. Documentation ranges are not in it: some sites use
 * them for their package mirrors.
 */
export const closedAddresses = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
] as const;
