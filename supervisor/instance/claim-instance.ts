import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { pathExists } from '../files/path-exists.ts';
import { readJson } from '../files/read-json.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import { withLock } from '../processes/with-lock.ts';
import { SetupFailure } from '../setup-failure.ts';
import { chooseNetwork } from './choose-network.ts';
import { choosePorts } from './choose-ports.ts';
import { InstanceSettings, uidBlocks } from './instance-settings.ts';
import { interfacePrefix } from './interface-prefix.ts';
import { parseNetwork, type Network } from './network.ts';

/** `instances.json`: every instance of this machine by its name. Its numbers, networks and ports are nobody else's. */
const Registry = z.object({ v: z.literal(1), instances: z.record(z.string(), InstanceSettings) });

/**
 * Gives an instance its number, network, uid block and ports, once and for good; the second time it gives the same. Ports that are asked
 * for by name change with the asking. Several instances may do this at once.
 */
export async function claimInstance(request: ClaimRequest, host: HostView): Promise<InstanceSettings> {
  await mkdir(request.stateFolder, { recursive: true, mode: 0o755 });
  const file = join(request.stateFolder, 'instances.json');
  return withLock(join(request.stateFolder, 'instances.lock'), async () => {
    const instances = (await readJson(file, Registry))?.instances ?? {};
    const { [request.instance]: known, ...rest } = instances;
    const settings = known === undefined ? await allot(request, Object.values(rest), host) : confirm(known, request);
    const next = { v: 1, instances: { ...rest, [request.instance]: settings } };
    await writeFileWhole(file, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o644 });
    return settings;
  });
}

/** Takes an instance out of the registry; its number may be given to another one from then on. */
export async function releaseInstance(instance: string, stateFolder: string): Promise<void> {
  const file = join(stateFolder, 'instances.json');
  if (!(await pathExists(file))) return;
  await withLock(join(stateFolder, 'instances.lock'), async () => {
    const { [instance]: gone, ...rest } = (await readJson(file, Registry))?.instances ?? {};
    if (gone === undefined) return;
    await writeFileWhole(file, `${JSON.stringify({ v: 1, instances: rest }, null, 2)}\n`, { mode: 0o644 });
  });
}

export type ClaimRequest = {
  readonly instance: string;
  readonly driver: InstanceSettings['driver'];
  readonly httpPort: number | undefined;
  readonly httpsPort: number | undefined;
  readonly mayTakeStandardPorts: boolean;
  readonly edges: number;
  readonly stateFolder: string;
};

/** What the choice depends on besides the registry. */
export type HostView = {
  readonly networks: () => Promise<readonly Network[]>;
  readonly isPortFree: (port: number) => Promise<boolean>;
};

function confirm(known: InstanceSettings, request: ClaimRequest): InstanceSettings {
  if (known.driver !== request.driver) {
    throw new SetupFailure(`The instance ${known.instance} was set up with the engine ${known.driver}`, {
      advice: `Use another RINGFORT_INSTANCE, or remove this one with its data: ./ringfort down --purge`,
    });
  }
  const httpPort = request.httpPort ?? known.httpPort;
  const httpsPort = request.httpsPort ?? known.httpsPort;
  return { ...known, httpPort, httpsPort, edges: request.edges };
}

async function allot(
  request: ClaimRequest,
  others: readonly InstanceSettings[],
  host: HostView,
): Promise<InstanceSettings> {
  const index = firstFree(others.map((other) => other.index));
  const taken = [...(await host.networks()), ...others.map((other) => parseNetwork(other.network))];
  const network = chooseNetwork(index, taken);
  if (network === undefined || index >= uidBlocks.count) {
    throw new SetupFailure('There is no room for another instance on this machine', {
      advice: 'Remove one that is not needed: RINGFORT_INSTANCE=<name> ./ringfort down --purge',
    });
  }
  const theirPorts = new Set(others.flatMap((other) => [other.httpPort, other.httpsPort]));
  const isFree = async (port: number): Promise<boolean> => !theirPorts.has(port) && (await host.isPortFree(port));
  const ports = await choosePorts(request, isFree);
  if (ports === undefined) {
    throw new SetupFailure('No free ports were found for the web server', {
      advice: 'Name two with RINGFORT_HTTP_PORT and RINGFORT_HTTPS_PORT.',
    });
  }
  return {
    v: 1,
    instance: request.instance,
    index,
    driver: request.driver,
    network,
    interfacePrefix: interfacePrefix(request.instance),
    uidBase: uidBlocks.first + index * uidBlocks.size,
    environmentsMax: uidBlocks.environments,
    ...ports,
    edges: request.edges,
  };
}

function firstFree(taken: readonly number[]): number {
  const numbers = new Set(taken);
  let index = 0;
  while (numbers.has(index)) index += 1;
  return index;
}
