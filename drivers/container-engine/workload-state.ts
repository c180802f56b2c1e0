import type { DriverContext } from './context.ts';
import { findContainer, roleOf } from './containers.ts';
import type { ContainerEntry } from './engine-schemas.ts';
import { labels } from './labels.ts';
import { listingDigest, type NetworkNamespace } from './network-namespace.ts';

/** One workload as the engine has it: its containers, either of which may be missing. */
export type WorkloadState = {
  readonly key: string;
  readonly pause: ContainerEntry | undefined;
  readonly main: ContainerEntry | undefined;
};

/** Groups an environment's containers by workload; builds are not among them. */
export function groupWorkloads(containers: readonly ContainerEntry[]): readonly WorkloadState[] {
  const states = new Map<string, WorkloadState>();
  for (const container of containers) {
    const role = roleOf(container);
    const key = container.Labels[labels.key];
    if (key === undefined || (role !== 'pause' && role !== 'main')) continue;
    const known = states.get(key) ?? { key, pause: undefined, main: undefined };
    states.set(key, { ...known, [role]: container });
  }
  return [...states.values()];
}

/** Whether there is a container and it runs. */
export function isRunning(container: ContainerEntry | undefined): boolean {
  return container?.State === 'running';
}

/** The namespace that a running pause container holds; undefined when it holds none (any more). */
export async function findNamespace(context: DriverContext, pauseId: string): Promise<NetworkNamespace | undefined> {
  const detail = await findContainer(context, pauseId);
  const path = detail?.NetworkSettings.SandboxKey ?? '';
  if (detail?.State.Status !== 'running' || !path.startsWith('/run/netns/')) return undefined;
  return { path };
}

/** Whether the rules in the workload's namespace are those that were loaded last. */
export async function areRulesIntact(context: DriverContext, pauseId: string): Promise<boolean> {
  const loaded = await context.rules.find(pauseId);
  if (loaded === undefined) return false;
  return (await listingDigest({ path: loaded.namespace })) === loaded.listed;
}

/** Throws unless the namespace that the rules were loaded into is the one that the pause container holds now, and has them still. */
export async function requireRules(
  context: DriverContext,
  { pauseId, key }: { readonly pauseId: string; readonly key: string },
): Promise<void> {
  const loaded = await context.rules.find(pauseId);
  const namespace = await findNamespace(context, pauseId);
  const isHeld = namespace !== undefined && namespace.path === loaded?.namespace;
  if (!isHeld || !(await areRulesIntact(context, pauseId)))
    throw new Error(`“${key}” has lost its namespaces or its rules`);
}

/** The engine says `stopped` until it has cleaned up, then `exited`. */
export function hasEnded(state: string | undefined): boolean {
  return state === 'exited' || state === 'stopped';
}
