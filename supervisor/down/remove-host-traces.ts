import { z } from 'zod';

import type { InstancePaths } from '../instance/instance-paths.ts';
import type { InstanceSettings } from '../instance/instance-settings.ts';
import { runCommand } from '../processes/run-command.ts';
import { unmountBelow } from './unmount-below.ts';

const Links = z.array(z.object({ ifname: z.string() }));
const Namespaces = z.array(z.object({ name: z.string() }));
const Tables = z.object({
  nftables: z.array(z.object({ table: z.object({ family: z.string(), name: z.string() }).optional() })),
});

/** Takes away what an instance has put into the host's network and file systems: namespaces, interfaces, rules, mounts. */
export async function removeHostTraces(settings: InstanceSettings, paths: InstancePaths): Promise<void> {
  const { interfacePrefix } = settings;
  // `rf3a9c-` without its hyphen begins the names that may not begin like an environment's interface.
  const stem = interfacePrefix.replaceAll(/[^a-z0-9]/g, '');
  for (const { name } of Namespaces.parse(await json(['ip', '-json', 'netns', 'list']))) {
    if (name.startsWith(stem)) await runCommand(['ip', 'netns', 'delete', name]);
  }
  for (const { ifname } of Links.parse(await json(['ip', '-json', 'link', 'show']))) {
    if (ifname.startsWith(stem)) await runCommand(['ip', 'link', 'delete', 'dev', ifname]);
  }
  for (const { table } of Tables.parse(await json(['nft', '--json', 'list', 'tables'])).nftables) {
    if (table?.name === `ringfort_${stem}`) await runCommand(['nft', 'delete', 'table', table.family, table.name]);
  }
  await unmountBelow([paths.home, paths.run]);
}

async function json(command: readonly string[]): Promise<unknown> {
  const text = await runCommand(command);
  // iproute2 prints nothing at all for an empty list.
  return text.trim() === '' ? [] : JSON.parse(text);
}
