import type { EnvironmentPlace } from '../driver.ts';
import type { DriverContext } from './context.ts';
import { EngineRefusal } from './engine-client.ts';
import { NetworkEntry } from './engine-schemas.ts';
import { labels, networkName } from './labels.ts';
import { runProgram } from './run-program.ts';

/** Makes the environment's bridge network and tells the host's rules of it. Refuses to use one that has another place. */
export async function ensureNetwork(context: DriverContext, place: EnvironmentPlace): Promise<string> {
  const name = networkName(context.options.instance, place.environmentId);
  const found = await context.engine.find({ method: 'GET', path: `networks/${name}/json` }, NetworkEntry);
  if (found === undefined) await createNetwork(context, { place, name });
  else if (found.network_interface !== place.bridge || found.subnets?.[0]?.gateway !== place.gateway)
    throw new Error(`Network ${name} exists at another place: ${found.network_interface} instead of ${place.bridge}`);
  await context.hostRules.change({ add: [{ name: place.bridge, gateway: place.gateway }] });
  return name;
}

/** Takes the network away and forgets it in the host's rules. Its containers must be gone. */
export async function removeNetwork(context: DriverContext, place: EnvironmentPlace): Promise<void> {
  const name = networkName(context.options.instance, place.environmentId);
  await context.engine.act({ method: 'DELETE', path: `networks/${name}` }, [404]);
  await removeLeftBridge(place);
  await context.hostRules.change({ remove: { name: place.bridge, gateway: place.gateway } });
}

async function createNetwork(
  context: DriverContext,
  { place, name }: { readonly place: EnvironmentPlace; readonly name: string },
): Promise<void> {
  const body = {
    name,
    driver: 'bridge',
    network_interface: place.bridge,
    subnets: [{ subnet: place.subnet, gateway: place.gateway }],
    dns_enabled: true,
    ipv6_enabled: false,
    options: { isolate: 'true' },
    labels: { [labels.instance]: context.options.instance, [labels.environment]: place.environmentId },
  };
  const create = (): Promise<void> => context.engine.act({ method: 'POST', path: 'networks/create', body });
  try {
    await create();
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    // Another call of the same environment (a build beside an apply) was faster.
    if (error.status === 409) return;
    if (!/already used on the host/u.test(error.message)) throw error;
    await removeLeftBridge(place);
    await create();
  }
}

/** The bridge of a network whose removal was cut off: the engine has forgotten it, and holds its addresses against the next one. */
async function removeLeftBridge({ bridge }: EnvironmentPlace): Promise<void> {
  await runProgram(['ip', 'link', 'delete', 'dev', bridge]);
}
