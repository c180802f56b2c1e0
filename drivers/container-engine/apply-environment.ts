import type { EnvironmentPlan, WorkloadPlan } from '../driver.ts';
import { driverLimits as limits } from '../limits.ts';
import { pauseBody, workloadBody } from './container-bodies.ts';
import { createContainer, listContainers, removeContainer, startContainer, stopContainer } from './containers.ts';
import type { DriverContext } from './context.ts';
import { EngineRefusal } from './engine-client.ts';
import { ensureNetwork, removeNetwork } from './environment-network.ts';
import { ensureRules } from './ensure-rules.ts';
import { containerName, labels } from './labels.ts';
import { inParallel } from './parallel.ts';
import { removeVolumes } from './volumes.ts';
import { prepareMounts, removeFiles } from './workload-files.ts';
import { checkImages } from './workload-images.ts';
import { workloadRules } from './workload-rules.ts';
import {
  findNamespace,
  groupWorkloads,
  hasEnded,
  isRunning,
  requireRules,
  type WorkloadState,
} from './workload-state.ts';

/**
 * Brings an environment to its plan. Per workload the order is fixed: namespaces, then rules, then the program; so the rules are
 * there before its first instruction. All workloads get their rules before any program starts. A workload that fails does not hold
 * up the others; the failures are thrown together at the end.
 */
export async function applyEnvironment(context: DriverContext, plan: EnvironmentPlan): Promise<void> {
  await checkImages(context, plan);
  const errors = await applyOnce(context, plan);
  const again = errors.some(isStaleAddress) ? await applyFromScratch(context, plan) : errors;
  if (again.length > 0) throw again.length === 1 ? again[0] : new AggregateError(again, messageOf(again));
}

async function applyOnce(context: DriverContext, plan: EnvironmentPlan): Promise<readonly unknown[]> {
  const network = await ensureNetwork(context, plan.place);
  const states = groupWorkloads(await listContainers(context, plan.place.environmentId));
  const kept = await removeUnplanned(context, { plan, states });
  const wanted = plan.workloads.filter(({ key }) => !plan.held.includes(key));
  const guarded = new Map<WorkloadPlan, string>();
  const unguarded = await inParallel(plan.workloads, limits.parallelMax, async (workload) => {
    const state = kept.get(workload.key);
    if (wanted.includes(workload))
      guarded.set(workload, await guardWorkload(context, { plan, workload, state, network }));
    else await holdWorkload(context, { plan, workload, state });
  });
  // Whose rules could not be loaded does not start.
  const unstarted = await inParallel([...guarded.keys()], limits.parallelMax, (workload) =>
    startWorkload(context, { plan, workload, state: kept.get(workload.key), pauseId: guarded.get(workload) ?? '' }),
  );
  return [...unguarded, ...unstarted];
}

/**
 * An engine that was killed at the wrong moment holds an address for a container that is gone, and gives it up with its network alone.
 * The volumes stay.
 */
async function applyFromScratch(context: DriverContext, plan: EnvironmentPlan): Promise<readonly unknown[]> {
  const states = groupWorkloads(await listContainers(context, plan.place.environmentId));
  for (const state of states) await removeWorkload(context, { plan, state });
  await removeNetwork(context, plan.place);
  return applyOnce(context, plan);
}

function isStaleAddress(error: unknown): boolean {
  return (
    error instanceof EngineRefusal && /IPAM error: requested ip address \S+ is already allocated/.test(error.message)
  );
}

/** Takes away what the plan does not name, or names with another digest, and what has lost its namespaces. */
async function removeUnplanned(
  context: DriverContext,
  { plan, states }: { readonly plan: EnvironmentPlan; readonly states: readonly WorkloadState[] },
): Promise<ReadonlyMap<string, WorkloadState>> {
  const kept = new Map<string, WorkloadState>();
  const unplanned: WorkloadState[] = [];
  for (const state of states) {
    const workload = plan.workloads.find(({ key }) => key === state.key);
    const digest = state.pause?.Labels[labels.digest];
    const isUsable = isRunning(state.pause) && digest === workload?.digest;
    if (workload !== undefined && isUsable && (state.main?.Labels[labels.digest] ?? digest) === digest)
      kept.set(state.key, state);
    else unplanned.push(state);
  }
  const errors = await inParallel(unplanned, limits.parallelMax, (state) => removeWorkload(context, { plan, state }));
  if (errors.length > 0) throw new AggregateError(errors, messageOf(errors));
  const keep = plan.workloads.flatMap(({ mounts }) =>
    mounts.flatMap((mount) => (mount.kind === 'volume' ? [mount.name] : [])),
  );
  await removeVolumes(context, { place: plan.place, keep });
  return kept;
}

async function removeWorkload(
  context: DriverContext,
  { plan, state }: { readonly plan: EnvironmentPlan; readonly state: WorkloadState },
): Promise<void> {
  if (state.main !== undefined) {
    await stopContainer(context, { id: state.main.Id, graceSeconds: limits.stopGraceSeconds });
    await removeContainer(context, state.main.Id);
  }
  if (state.pause !== undefined) {
    await removeContainer(context, state.pause.Id);
    await context.rules.remove(state.pause.Id);
  }
  await removeFiles(context, { place: plan.place, key: state.key });
}

/** Namespaces and rules, without the program. Gives the id of the container that holds them. */
async function guardWorkload(
  context: DriverContext,
  options: WorkloadOptions & { readonly network: string },
): Promise<string> {
  const { plan, workload } = options;
  const pauseId = options.state?.pause?.Id ?? (await createPause(context, options));
  await startContainer(context, pauseId);
  const namespace = await findNamespace(context, pauseId);
  if (namespace === undefined) throw new Error(`Workload “${workload.key}” lost its namespaces while it was made`);
  await ensureRules(context, { pauseId, namespace, rules: workloadRules(workload.network, plan.place.gateway) });
  return pauseId;
}

async function createPause(
  context: DriverContext,
  { plan, workload, network }: WorkloadOptions & { readonly network: string },
): Promise<string> {
  const { place } = plan;
  return createContainer(
    context,
    pauseBody(context, {
      name: containerName({ environmentId: place.environmentId, key: workload.key, role: 'pause' }),
      image: context.options.pauseImage,
      command: ['sleep', 'infinity'],
      labels: workloadLabels(context, { plan, workload, role: 'pause' }),
      place,
      network,
      address: workload.address,
      aliases: workload.aliases,
    }),
  );
}

/** Starts the program in guarded namespaces; it is made first, or again when it could not be started as it was. */
async function startWorkload(
  context: DriverContext,
  { plan, workload, state, pauseId }: WorkloadOptions & { readonly pauseId: string },
): Promise<void> {
  if (isRunning(state?.main)) return;
  const name = { environmentId: plan.place.environmentId, key: workload.key };
  const mounts = await prepareMounts(context, { plan, workload });
  await requireRules(context, { pauseId, key: workload.key });
  const main = hasEnded(state?.main?.State) ? state?.main?.Id : undefined;
  const id =
    main ??
    (await createContainer(
      context,
      workloadBody(context, {
        name: containerName({ ...name, role: 'main' }),
        image: workload.image,
        command: workload.command,
        labels: workloadLabels(context, { plan, workload, role: 'main' }),
        pauseId,
        hostname: workload.aliases[0] ?? 'workload',
        user: workload.user,
        workingDirectory: workload.workingDirectory,
        variables: workload.variables,
        mounts,
        limits: workload.limits,
      }),
    ));
  await startContainer(context, id);
  try {
    // Podman starts a dead holder of namespaces again by itself, and such ones have no rules.
    await requireRules(context, { pauseId, key: workload.key });
  } catch (error) {
    await removeContainer(context, id);
    throw error;
  }
}

/** A held workload does not run; its namespaces, if there are any, keep rules of the newest plan. */
async function holdWorkload(context: DriverContext, { plan, workload, state }: WorkloadOptions): Promise<void> {
  if (state?.main !== undefined && isRunning(state.main))
    await stopContainer(context, { id: state.main.Id, graceSeconds: limits.stopGraceSeconds });
  const namespace = state?.pause === undefined ? undefined : await findNamespace(context, state.pause.Id);
  if (state?.pause === undefined || namespace === undefined) return;
  const rules = workloadRules(workload.network, plan.place.gateway);
  await ensureRules(context, { pauseId: state.pause.Id, namespace, rules });
}

type WorkloadOptions = {
  readonly plan: EnvironmentPlan;
  readonly workload: WorkloadPlan;
  readonly state: WorkloadState | undefined;
};

function workloadLabels(
  context: DriverContext,
  { plan, workload, role }: { readonly plan: EnvironmentPlan; readonly workload: WorkloadPlan; readonly role: string },
): Readonly<Record<string, string>> {
  return {
    [labels.instance]: context.options.instance,
    [labels.environment]: plan.place.environmentId,
    [labels.throwaway]: String(plan.place.throwaway),
    [labels.role]: role,
    [labels.key]: workload.key,
    [labels.digest]: workload.digest,
    [labels.ref]: JSON.stringify(workload.ref),
  };
}

function messageOf(errors: readonly unknown[]): string {
  return errors.map((error) => (error instanceof Error ? error.message : 'unknown')).join('; ');
}
