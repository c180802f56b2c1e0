import type { EgressRule } from '@ringfort/contracts/egress.ts';

import type { WorkloadNetwork } from '../driver.ts';
import { closedAddresses } from './closed-addresses.ts';

/**
 * One workload's rule set as one nftables transaction that replaces what was there, for its own network namespace. Pure, and the
 * same for the same plan in any order. IPv6, ICMP but for errors of open flows, and all that is not named is dropped and counted.
 */
export function workloadRules(network: WorkloadNetwork, gateway: string): string {
  return `table inet ringfort
delete table inet ringfort
table inet ringfort {
  set closed { type ipv4_addr; flags interval; elements = { ${closedAddresses.join(', ')} } }
  counter dropped_in { }
  counter dropped_out { }
  chain input {
    type filter hook input priority filter; policy drop;
    iif "lo" accept
    ct state established accept
    ct state related meta l4proto icmp accept
${lines(acceptRules(network, gateway))}    counter name dropped_in drop
  }
  chain output {
    type filter hook output priority filter; policy drop;
    oif "lo" accept
    ct state established accept
    ct state related meta l4proto icmp accept
${lines([...connectRules(network), ...resolverRules(network, gateway)])}    ip daddr @closed counter name dropped_out drop
${lines(egressRules(network.egress))}    counter name dropped_out drop
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
  }
}
`;
}

function acceptRules(network: WorkloadNetwork, gateway: string): readonly string[] {
  return network.accept.flatMap(({ port, from }) => {
    const sources = from === 'edge' ? [gateway] : from;
    return sources.map((source) => `ip saddr ${source} tcp dport ${port} accept`);
  });
}

function connectRules(network: WorkloadNetwork): readonly string[] {
  return network.connect.map(({ address, port }) => `ip daddr ${address} tcp dport ${port} accept`);
}

function resolverRules(network: WorkloadNetwork, gateway: string): readonly string[] {
  return network.resolver ? [`ip daddr ${gateway} meta l4proto { tcp, udp } th dport 53 accept`] : [];
}

function egressRules(egress: 'none' | 'open' | readonly EgressRule[]): readonly string[] {
  if (egress === 'none') return [];
  if (egress === 'open') return ['meta nfproto ipv4 meta l4proto { tcp, udp } accept'];
  return egress.map(({ cidr, port, protocol }) => `ip daddr ${cidr} ${protocol} dport ${port} accept`);
}

/** Sorted, so that a plan whose lists come in another order is the same rule set. */
function lines(rules: readonly string[]): string {
  return [...new Set(rules)]
    .toSorted()
    .map((rule) => `    ${rule}\n`)
    .join('');
}
