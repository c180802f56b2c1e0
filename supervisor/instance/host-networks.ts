import { z } from 'zod';

import { runCommand } from '../processes/run-command.ts';
import { parseNetwork, type Network } from './network.ts';

const Routes = z.array(z.object({ dst: z.string() }));
const Addresses = z.array(
  z.object({ addr_info: z.array(z.object({ local: z.string(), prefixlen: z.number() })).optional() }),
);

/** Every IPv4 network that this host has an address in or a route to, but for the default route. */
export async function listHostNetworks(): Promise<readonly Network[]> {
  const routes = Routes.parse(JSON.parse(await runCommand(['ip', '-json', '-4', 'route', 'show', 'table', 'all'])));
  const links = Addresses.parse(JSON.parse(await runCommand(['ip', '-json', '-4', 'address', 'show'])));
  const addresses = links.flatMap((link) => link.addr_info ?? []);
  return [
    ...routes.map((route) => route.dst).filter((destination) => /^[\d.]+(\/\d+)?$/.test(destination)),
    ...addresses.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
  ].map(parseNetwork);
}
