import { closedAddresses } from './closed-addresses.ts';

/** What the host's own rules depend on. Names of interfaces and addresses come from the agent's configuration and places. */
export type HostTablePlan = {
  readonly interfacePrefix: string;
  readonly network: string;
  readonly edgeUid: number;
  readonly buildProxy: { readonly address: string; readonly port: number };
  /** Interfaces with a default route: the only way out. */
  readonly uplinks: readonly string[];
  readonly bridges: readonly { readonly name: string; readonly gateway: string }[];
  /** Addresses of builds that run now: they alone reach the build proxy. */
  readonly builders: readonly string[];
};

/** The name of the instance's table; two instances on one host have two. */
export function hostTableName(interfacePrefix: string): string {
  return `ringfort_${interfacePrefix.replaceAll(/[^a-z0-9]/g, '')}`;
}

/**
 * The host's rules as one nftables transaction that replaces what was there. They say nothing about traffic of others: only packets
 * that come from, go to, or are addressed to the instance's interfaces meet a drop. They run before the engine's own rules, and a
 * drop here is final there (nft(8), “accept” and “drop”).
 */
export function hostTable(plan: HostTablePlan): string {
  const table = `inet ${hostTableName(plan.interfacePrefix)}`;
  const ours = `"${plan.interfacePrefix}*"`;
  const siblings = plan.bridges.map(({ name }) => `"${name}" . "${name}"`);
  const resolvers = plan.bridges.map(({ name, gateway }) => `"${name}" . ${gateway}`);
  const uplinks = plan.uplinks.map((name) => `"${name}"`);
  return `table ${table}
delete table ${table}
table ${table} {
  # With bridge netfilter, packets between two workloads of one bridge pass here too.
  set siblings { type ifname . ifname; ${elements(siblings)} }
  set resolvers { type ifname . ipv4_addr; ${elements(resolvers)} }
  set builders { type ipv4_addr; ${elements(plan.builders)} }
  set uplinks { type ifname; ${elements(uplinks)} }
  set closed { type ipv4_addr; flags interval; elements = { ${closedAddresses.join(', ')} } }
  counter dropped_forward { }
  counter dropped_input { }
  counter dropped_output { }
  chain forward {
    type filter hook forward priority filter - 10; policy accept;
    iifname ${ours} jump forward_from_ours
    oifname ${ours} jump forward_to_ours
  }
  chain forward_from_ours {
    iifname . oifname @siblings accept
    oifname ${ours} counter name dropped_forward drop
    ct state established,related accept
    ip daddr @closed counter name dropped_forward drop
    meta nfproto ipv4 oifname @uplinks accept
    counter name dropped_forward drop
  }
  chain forward_to_ours {
    ct state established,related accept
    counter name dropped_forward drop
  }
  chain input {
    type filter hook input priority filter - 10; policy accept;
    iifname ${ours} jump input_from_ours
    ip daddr ${plan.network} iifname != "lo" iifname != ${ours} counter name dropped_input drop
    ip daddr ${plan.network} meta l4proto { tcp, udp } th dport 53 iifname "lo" counter name dropped_input drop
  }
  chain input_from_ours {
    ct state established,related accept
    iifname . ip daddr @resolvers meta l4proto { tcp, udp } th dport 53 accept
    ip saddr @builders ip daddr ${plan.buildProxy.address} tcp dport ${plan.buildProxy.port} accept
    counter name dropped_input drop
  }
  chain output {
    type filter hook output priority filter - 10; policy accept;
    oifname ${ours} jump output_to_ours
  }
  chain output_to_ours {
    ct state established,related accept
    meta l4proto tcp meta skuid ${plan.edgeUid} accept
    counter name dropped_output drop
  }
}
`;
}

function elements(list: readonly string[]): string {
  return list.length === 0 ? '' : `elements = { ${list.join(', ')} }`;
}
