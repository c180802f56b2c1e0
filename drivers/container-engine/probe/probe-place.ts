import { readFile } from 'node:fs/promises';

import type { WorkloadRef } from '@ringfort/contracts/agent-requests.ts';
import type { Place } from '@ringfort/contracts/probe.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import type { EnvironmentPlan, WorkloadPlan } from '../../driver.ts';
import type { DriverContext } from '../context.ts';
import { containerName } from '../labels.ts';
import { inside } from '../network-namespace.ts';
import { findNamespace } from '../workload-state.ts';
import type { ForeignNetwork } from './foreign-network.ts';

/** How a command gets to a place, and the resolver that the place has. */
export type ProbePlace = { readonly enter: readonly string[]; readonly resolver: string };

/** Finds the place of a probe. A workload must be of one of the plans and run. */
export async function findProbePlace(context: DriverContext, options: PlaceOptions): Promise<ProbePlace> {
  const { place } = options;
  switch (place.kind) {
    case 'host':
      return { enter: [], resolver: await hostResolver() };
    case 'foreign': {
      const { namespace, gateway } = await options.foreign.ensure();
      return { enter: inside(namespace), resolver: gateway };
    }
    case 'workload': {
      const plan = options.plans.find((each) => each.place.environmentId === place.environmentId);
      const workload = plan?.workloads.find(({ ref }) => isSame(ref, place.workload));
      if (plan === undefined || workload === undefined)
        throw new Problem(
          'not-found',
          `There is no workload “${place.workload.name}” in environment “${place.environmentId}”.`,
        );
      return enterWorkload(context, { plan, workload });
    }
    default:
      return place satisfies never;
  }
}

export type PlaceOptions = {
  readonly place: Place;
  readonly plans: readonly EnvironmentPlan[];
  readonly foreign: ForeignNetwork;
};

async function enterWorkload(
  context: DriverContext,
  { plan, workload }: { readonly plan: EnvironmentPlan; readonly workload: WorkloadPlan },
): Promise<ProbePlace> {
  const { environmentId, gateway } = plan.place;
  const namespace = await findNamespace(context, containerName({ environmentId, key: workload.key, role: 'pause' }));
  if (namespace === undefined) throw new Problem('state-conflict', `Workload “${workload.ref.name}” does not run.`);
  return { enter: inside(namespace), resolver: gateway };
}

/** Without a release the newest one's workload is meant, which comes last in a plan; but any will do for a probe. */
function isSame(ref: WorkloadRef, wanted: WorkloadRef): boolean {
  if (ref.kind === 'service' || wanted.kind === 'service') return ref.kind === wanted.kind && ref.name === wanted.name;
  const isRelease = wanted.releaseId === undefined || wanted.releaseId === ref.releaseId;
  return ref.name === wanted.name && ref.replica === wanted.replica && isRelease;
}

async function hostResolver(): Promise<string> {
  const text = await readFile('/etc/resolv.conf', 'utf8').catch(() => '');
  return /^nameserver\s+(\S+)/m.exec(text)?.[1] ?? '127.0.0.1';
}
