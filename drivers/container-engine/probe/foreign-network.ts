import { createHash } from 'node:crypto';

import { hostTableName } from '../host-table.ts';
import type { NetworkNamespace } from '../network-namespace.ts';
import { mustRun, runProgram } from '../run-program.ts';

/**
 * A bridge of the host that is not the platform's, with one network namespace on it and masquerade, as another container engine would
 * have it: the place of an attacker on the same machine. Made when it is first asked for, taken away by `remove`.
 */
export type ForeignNetwork = {
  readonly ensure: () => Promise<{ readonly namespace: NetworkNamespace; readonly gateway: string }>;
  readonly remove: () => Promise<void>;
};

/** Names begin with the prefix without its hyphen: found with the instance's, and never taken for one of an environment. */
export function createForeignNetwork(interfacePrefix: string): ForeignNetwork {
  const names = foreignNames(interfacePrefix);
  let made: Promise<void> | undefined;
  const make = async (): Promise<void> => {
    await removeForeign(names);
    await makeForeign(names);
  };
  return {
    ensure: async () => {
      made ??= make();
      try {
        await made;
      } catch (error) {
        made = undefined;
        throw error;
      }
      return { namespace: { path: `/run/netns/${names.namespace}` }, gateway: names.gateway };
    },
    remove: async () => {
      if (made === undefined) return;
      await made.catch(() => undefined);
      made = undefined;
      await removeForeign(names);
    },
  };
}

type ForeignNames = {
  readonly namespace: string;
  readonly bridge: string;
  readonly outer: string;
  readonly table: string;
  readonly gateway: string;
  readonly address: string;
};

/** Addresses of the range for benchmarks (RFC 2544), one network of it for each instance. */
function foreignNames(interfacePrefix: string): ForeignNames {
  const byte = createHash('sha256').update(interfacePrefix).digest().readUInt8(0);
  const stem = interfacePrefix.replaceAll(/[^a-z0-9]/g, '');
  return {
    namespace: `${stem}foreign`,
    bridge: `${stem}fb`,
    outer: `${stem}fv`,
    table: hostTableName(interfacePrefix),
    gateway: `198.19.${byte}.1`,
    address: `198.19.${byte}.2`,
  };
}

async function makeForeign({ namespace, bridge, outer, table, gateway, address }: ForeignNames): Promise<void> {
  const ip = (...args: string[]): Promise<string> => mustRun(['ip', ...args]);
  await ip('link', 'add', 'name', bridge, 'type', 'bridge');
  await ip('address', 'add', `${gateway}/24`, 'dev', bridge);
  await ip('link', 'set', 'dev', bridge, 'up');
  await ip('netns', 'add', namespace);
  await ip('link', 'add', 'name', outer, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  await ip('link', 'set', 'dev', outer, 'master', bridge, 'up');
  await ip('-netns', namespace, 'link', 'set', 'dev', 'lo', 'up');
  await ip('-netns', namespace, 'address', 'add', `${address}/24`, 'dev', 'eth0');
  await ip('-netns', namespace, 'link', 'set', 'dev', 'eth0', 'up');
  await ip('-netns', namespace, 'route', 'add', 'default', 'via', gateway);
  const input = `table ip ${table} {
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${address} oifname != "${bridge}" masquerade
  }
}
`;
  await mustRun(['nft', '-f', '-'], { input });
}

/** Each part may be missing. */
async function removeForeign({ namespace, bridge, outer, table }: ForeignNames): Promise<void> {
  await runProgram(['nft', 'delete', 'table', 'ip', table]);
  await runProgram(['ip', 'link', 'delete', 'dev', outer]);
  await runProgram(['ip', 'netns', 'delete', namespace]);
  await runProgram(['ip', 'link', 'delete', 'dev', bridge]);
}
