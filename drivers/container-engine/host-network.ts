import { z } from 'zod';

import { listContainers } from './containers.ts';
import type { DriverContext } from './context.ts';
import { NetworkEntry } from './engine-schemas.ts';
import { sweepScratch } from './expected-listing.ts';
import { labels } from './labels.ts';
import { mustRun, runProgram } from './run-program.ts';

/** Makes the platform's own interface with the build proxy's address, and loads the host's rules for the bridges that there are. */
export async function prepareHost(context: DriverContext): Promise<void> {
  const { interfacePrefix, buildProxy } = context.options;
  await sweepScratch();
  const networks = await listNetworks(context);
  const add = networks.flatMap((network) =>
    (network.subnets ?? []).map(({ gateway }) => ({ name: network.network_interface, gateway })),
  );
  await context.hostRules.change({ add });
  await context.rules.keepOnly(new Set((await listContainers(context)).map(({ Id }) => Id)));
  await ensureInterface(`${interfacePrefix}p`, buildProxy.address);
}

/** The networks of the instance's environments. */
export async function listNetworks(context: DriverContext): Promise<readonly NetworkEntry[]> {
  const filters = JSON.stringify({ label: [`${labels.instance}=${context.options.instance}`] });
  return context.engine.get({ method: 'GET', path: 'networks/json', query: { filters } }, z.array(NetworkEntry));
}

/** A bridge without ports: unlike a dummy interface it needs no module that a kernel may lack. */
async function ensureInterface(name: string, address: string): Promise<void> {
  const shown = await runProgram(['ip', 'link', 'show', 'dev', name]);
  if (shown.code !== 0) await mustRun(['ip', 'link', 'add', 'name', name, 'type', 'bridge']);
  await mustRun(['ip', 'address', 'replace', `${address}/32`, 'dev', name]);
  await mustRun(['ip', 'link', 'set', 'dev', name, 'up']);
}
