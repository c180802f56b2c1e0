import { control, type ControlContext, type Finding } from '../controls/control.ts';
import { placeOf, type SeenEnvironment } from '../controls/seen-environment.ts';
import { lookAtTarget, type Target } from './target.ts';
import { judgeTrials, runTrials, type NamedPlace, type Trial } from './trial.ts';

/** Addresses at which clouds tell a machine its secrets. */
const metadataAddresses = ['169.254.169.254', 'fd00:ec2::254'] as const;

/** From every environment, everything that listens in any other is tried, and what listens on the host. */
export const isolationEnvironment = control({
  id: 'isolation.environment',
  claim: 'An environment has its own resources and cannot reach another',
  supports: ['ISO27001:A.8.22', 'ISO27001:A.8.31'],
  everyMs: 5 * 60_000,
  verify,
  breakIt: ({ environmentIds, injector }) => injector.flushRules(environmentIds[1]),
});

async function verify(context: ControlContext): Promise<Finding> {
  const populated = context.environments.filter((environment) => environment.workloads.length > 0);
  if (populated.length < 2) {
    return {
      state: 'unknown',
      seenFrom: [],
      evidence: { reason: 'There are not two environments with workloads to look from one at the other' },
    };
  }
  const targets: Target[] = [];
  for (const environment of populated)
    for (const workload of environment.workloads)
      targets.push(await lookAtTarget(context, { environment, workload, canaryPort: canaryPort(context) }));
  const host = await listHostTrials(context, populated);
  const trials = [
    ...targets.flatMap((target) => target.twins),
    ...populated.flatMap((from) => trialsFrom(from, targets)),
    ...host,
  ];
  return judgeTrials(await runTrials(trials, context.probe));
}

function trialsFrom(from: SeenEnvironment, targets: readonly Target[]): readonly Trial[] {
  const others = targets.filter((target) => target.environment.environmentId !== from.environmentId);
  return placesIn(from).flatMap((place) => [
    ...others.flatMap((target) =>
      target.attempts.map((attempt): Trial => ({ from: place, to: target.name, attempt, promised: 'silence' })),
    ),
    ...metadataAddresses.map((address): Trial => ({
      from: place,
      to: 'metadata',
      attempt: { protocol: 'tcp', address, port: 80, payload: '' },
      promised: 'silence',
    })),
  ]);
}

/** What listens on every address of the host is tried at each address of the host; it is reached from the host itself. */
async function listHostTrials(
  context: ControlContext,
  environments: readonly SeenEnvironment[],
): Promise<readonly Trial[]> {
  const { listeners, addresses } = await context.probe.listeners({ kind: 'host' });
  const open = listeners.filter(
    (item) => item.protocol === 'tcp' && !item.address.startsWith('127.') && item.address !== '::1',
  );
  const reachable = addresses
    .map((item) => item.address.split('/')[0] ?? '')
    .filter((address) => /^\d+(\.\d+){3}$/.test(address) && !address.startsWith('127.'));
  const trials = reachable.flatMap((address) =>
    open.flatMap(({ port }) =>
      environments.flatMap((environment) =>
        placesIn(environment).map((place): Trial => ({
          from: place,
          to: 'host',
          attempt: { protocol: 'tcp', address, port, payload: '' },
          promised: 'silence',
        })),
      ),
    ),
  );
  return [...new Map(trials.map((trial) => [JSON.stringify([trial.from.label, trial.attempt]), trial])).values()];
}

function placesIn(environment: SeenEnvironment): readonly NamedPlace[] {
  return environment.workloads.map((workload) => ({
    label: `${environment.label}/${workload.name}`,
    place: placeOf(environment, workload),
  }));
}

/** High and different each time, so that nothing can be prepared for it. */
function canaryPort(context: ControlContext): number {
  return 20_000 + (Number.parseInt(context.nonce().slice(0, 6), 16) % 12_000);
}
