import { WorkloadRef } from '@ringfort/contracts/agent-requests.ts';
import { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { z } from 'zod';

import type { EngineClient } from './engine-client.ts';

/** A workload that may be broken: it runs in an environment that was made to be thrown away. */
export type ThrowawayWorkload = {
  readonly environmentId: EnvironmentId;
  readonly ref: WorkloadRef;
  /** The file of its network namespace. Its name is never used again, so nothing else can be entered by mistake. */
  readonly namespace: string;
};

/**
 * The running workloads of all throw-away environments of the instance, as the engine has them now. The label is written by the agent when it
 * makes the container, and nobody else can: it is asked anew each time before anything is broken.
 */
export async function listThrowawayWorkloads(
  engine: EngineClient,
  instance: string,
): Promise<readonly ThrowawayWorkload[]> {
  const wanted = [`ringfort.instance=${instance}`, 'ringfort.role=pause', 'ringfort.throwaway=true'];
  const filters = encodeURIComponent(JSON.stringify({ label: wanted, status: ['running'] }));
  const entries = (await engine.find(`containers/json?filters=${filters}`, z.array(Entry))) ?? [];
  const found = await Promise.all(entries.map(({ Id }) => findWorkload(engine, { id: Id, instance })));
  return found.filter((workload) => workload !== undefined);
}

const Entry = z.object({ Id: z.string().regex(/^[0-9a-f]{64}$/) });

const Detail = z.object({
  State: z.object({ Running: z.boolean() }),
  NetworkSettings: z.object({ SandboxKey: z.string().regex(/^(\/run\/netns\/[\w-]+)?$/) }),
  Config: z.object({ Labels: z.record(z.string(), z.string()) }),
});

async function findWorkload(engine: EngineClient, { id, instance }: Wanted): Promise<ThrowawayWorkload | undefined> {
  const detail = await engine.find(`containers/${id}/json`, Detail);
  if (detail === undefined) return undefined;
  const { Labels: labels } = detail.Config;
  const isOurs = labels['ringfort.instance'] === instance && labels['ringfort.throwaway'] === 'true';
  const namespace = detail.NetworkSettings.SandboxKey;
  if (!isOurs || !detail.State.Running || namespace === '') return undefined;
  const environmentId = EnvironmentId.parse(labels['ringfort.environment']);
  return { environmentId, ref: WorkloadRef.parse(JSON.parse(labels['ringfort.ref'] ?? '')), namespace };
}

type Wanted = { readonly id: string; readonly instance: string };
