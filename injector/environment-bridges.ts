import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { z } from 'zod';

import type { EngineClient } from './engine-client.ts';

/** Which bridge of the host each of the instance's environments has. */
export async function listBridges(engine: EngineClient, instance: string): Promise<ReadonlyMap<string, string>> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`ringfort.instance=${instance}`] }));
  const networks = (await engine.find(`networks/json?filters=${filters}`, z.array(Network))) ?? [];
  return new Map(
    networks.map(({ labels, network_interface: bridge }) => [labels['ringfort.environment'] ?? '', bridge]),
  );
}

/** The pairs of bridges between one environment and the others, both ways. */
export function listPairs(
  id: EnvironmentId,
  peers: readonly EnvironmentId[],
  bridges: ReadonlyMap<string, string>,
): readonly BridgePair[] {
  const own = bridges.get(id);
  const others = peers.flatMap((peer) => bridges.get(peer) ?? []);
  if (own === undefined) return [];
  return others.flatMap((other) => [
    { from: own, to: other },
    { from: other, to: own },
  ]);
}

export type BridgePair = { readonly from: string; readonly to: string };

const Network = z.object({
  network_interface: z.string().regex(/^[a-z][a-z0-9]{1,8}-\d{1,5}$/),
  labels: z.record(z.string(), z.string()),
});
