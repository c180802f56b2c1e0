import type { Clock } from '@ringfort/kit/clock.ts';
import type { AgentConfig } from '@ringfort/contracts/program-config.ts';
import type { Driver, EnvironmentPlan, ObservedContainer } from '@ringfort/drivers/driver.ts';

import type { Authority } from '../authority/authority.ts';
import { renewCertificates } from '../authority/renew-certificates.ts';
import { planCredentials } from '../plan/credentials.ts';
import { planEnvironment } from '../plan/plan-environment.ts';
import { isBuildKey, listWorkloads, workloadKey } from '../plan/workload-key.ts';
import { appliedDocument, certificatesDocument, credentialsDocument } from '../store/environment-documents.ts';
import type { EnvironmentStore } from '../store/environment-store.ts';
import { effectivePlan, isOffPlan } from './effective-plan.ts';
import type { Environment } from './environment.ts';
import type { PlaceObserver } from './place-observer.ts';
import { observeWorkload } from './workload-status.ts';

/**
 * One pass over one environment: looks at what there is and brings it to the newest specification. May be cut off anywhere; the next
 * pass goes on from what it finds. Rejects when the engine fails.
 */
export async function reconcileEnvironment(environment: Environment, tools: ReconcileTools): Promise<void> {
  const { spec } = environment;
  const plan = await prepare(environment, tools);
  const before = keepSeen(environment, { plan, containers: await tools.observe.look(environment.id) }, tools);
  const wanted = effectivePlan(plan, environment.statuses, tools.clock.nowMs());
  const isNew = environment.appliedGeneration !== spec.generation;
  if (isNew || !environment.isApplied || isOffPlan(wanted, before)) {
    await tools.driver.apply(wanted);
    environment.isApplied = true;
    keepSeen(environment, { plan, containers: await tools.observe.lookAnew(environment.id) }, tools);
  }
  const keys = new Set(plan.workloads.map(({ key }) => key));
  await environment.addresses.release((key) => !isBuildKey(key) && !keys.has(key));
  environment.message = hindrance(environment, plan);
  if (isNew && environment.message === '') {
    await tools.store.write(environment.id, appliedDocument, { v: 1, generation: spec.generation });
    environment.appliedGeneration = spec.generation;
  }
}

export type ReconcileTools = {
  readonly config: Pick<AgentConfig, 'images' | 'edgeSealingKey'>;
  readonly driver: Driver;
  readonly observe: PlaceObserver;
  readonly store: EnvironmentStore;
  readonly authority: Authority;
  readonly clock: Clock;
  readonly random: () => number;
  readonly makePassword: () => string;
};

/** Makes what the plan needs and keeps it on disk: addresses, credentials, certificates. Then the plan itself. */
async function prepare(environment: Environment, tools: ReconcileTools): Promise<EnvironmentPlan> {
  const { id, spec, place, addresses } = environment;
  const { store, config, clock } = tools;
  await addresses.allot(listWorkloads(spec).map(workloadKey));
  const credentials = planCredentials(spec, environment.credentials, tools.makePassword);
  if (JSON.stringify(credentials) !== JSON.stringify(environment.credentials)) {
    await store.write(id, credentialsDocument, credentials);
    environment.credentials = credentials;
  }
  const renewal = { authority: tools.authority, edgeSealingKey: config.edgeSealingKey, nowMs: clock.nowMs() };
  const certificates = await renewCertificates(spec.hostnames, environment.certificates, renewal);
  if (certificates !== environment.certificates) {
    await store.write(id, certificatesDocument, certificates);
    environment.certificates = certificates;
  }
  const { addressOf } = addresses;
  const plan = planEnvironment({ spec, place, addressOf, credentials, images: config.images });
  environment.plan = plan;
  return plan;
}

type Seen = { readonly plan: EnvironmentPlan; readonly containers: readonly ObservedContainer[] };

function keepSeen(
  environment: Environment,
  { plan, containers }: Seen,
  { clock, random }: ReconcileTools,
): readonly ObservedContainer[] {
  const moment = { nowMs: clock.nowMs(), random };
  const statuses = plan.workloads.map((workload) => {
    const container = containers.find(({ key }) => key === workload.key);
    const status = environment.statuses.get(workload.key);
    return [workload.key, observeWorkload({ plan: workload, container }, status, moment)] as const;
  });
  environment.statuses = new Map(statuses);
  environment.isSeen = true;
  return containers;
}

/** Services have to run before a specification is in effect; how applications fare is told of each by itself. */
function hindrance({ statuses }: Environment, plan: EnvironmentPlan): string {
  const down = plan.workloads.find(({ key, ref }) => ref.kind === 'service' && statuses.get(key)?.isRunning !== true);
  if (down === undefined) return '';
  return `Service “${down.ref.name}” does not run: ${statuses.get(down.key)?.reason ?? 'not started yet'}`;
}
