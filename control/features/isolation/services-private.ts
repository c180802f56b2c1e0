import { ServiceName } from '@ringfort/contracts/names.ts';

import { control, type ControlContext, type Finding } from '../controls/control.ts';
import { placeOf, type SeenEnvironment, type SeenWorkload } from '../controls/seen-environment.ts';
import { lookAtTarget, type Target } from './target.ts';
import { judgeTrials, runTrials, type NamedPlace, type Trial } from './trial.ts';

/** What a MySQL-protocol server greets with; the version string of MariaDB holds its name. */
const greeting = 'MariaDB';

/** The service of the sandbox's application. */
const database = { kind: 'service', name: ServiceName.parse('database') } as const;

/** Services answer on their one port, to components that declare the relationship, and to nobody else. */
export const servicesPrivate = control({
  id: 'access.services-private',
  claim: 'Databases answer only inside their environment, on their one port, to the components that declare them',
  supports: ['ISO27001:A.8.20', 'ISO27001:A.8.22'],
  everyMs: 5 * 60_000,
  verify,
  breakIt: ({ environmentIds, injector }) =>
    injector.startListener(environmentIds[0], { workload: database, port: 6379 }),
});

async function verify(context: ControlContext): Promise<Finding> {
  const trials: Trial[] = [];
  for (const environment of context.environments)
    for (const service of environment.workloads.filter((workload) => workload.kind === 'service'))
      trials.push(...(await trialsAt(context, { environment, service })));
  return judgeTrials(await runTrials(trials, context.probe));
}

async function trialsAt(
  context: ControlContext,
  options: { readonly environment: SeenEnvironment; readonly service: SeenWorkload },
): Promise<readonly Trial[]> {
  const { environment, service } = options;
  const canaryPort = 20_000 + (Number.parseInt(context.nonce().slice(0, 6), 16) % 12_000);
  const target = await lookAtTarget(context, { environment, workload: service, canaryPort });
  const siblings = environment.workloads.filter((workload) => workload.kind === 'component');
  const friends = siblings.filter((workload) => workload.uses.includes(service.name));
  const strangers = siblings
    .filter((workload) => !friends.includes(workload))
    .map((workload) => named(environment, workload));
  const elsewhere = context.environments
    .filter((other) => other.environmentId !== environment.environmentId)
    .flatMap((other) => other.workloads.map((workload) => named(other, workload)));
  const outside: readonly NamedPlace[] = [
    { label: 'a foreign network', place: { kind: 'foreign' } },
    { label: 'the host', place: { kind: 'host' } },
  ];
  return [
    ...target.twins,
    ...friends.flatMap((friend) => friendTrials(named(environment, friend), { target, port: service.port })),
    ...[...strangers, ...elsewhere, ...outside].flatMap((from) =>
      target.attempts
        .filter((attempt) => attempt.protocol !== 'icmp')
        .map((attempt): Trial => ({ from, to: target.name, attempt, promised: 'silence' })),
    ),
    ...ownGreeting(target, service.port),
  ];
}

/** A component that declares the service reaches its one port, and no other. */
function friendTrials(from: NamedPlace, options: { readonly target: Target; readonly port: number }): readonly Trial[] {
  return options.target.attempts.flatMap((attempt): Trial[] => {
    if (attempt.protocol !== 'tcp' && attempt.protocol !== 'udp') return [];
    const isService = attempt.protocol === 'tcp' && attempt.port === options.port;
    return [{ from, to: options.target.name, attempt, promised: isService ? { answerHolds: greeting } : 'silence' }];
  });
}

/** The server greets in its own namespace, so that silence elsewhere is not a server that is down. */
function ownGreeting(target: Target, port: number): readonly Trial[] {
  return target.addresses
    .filter((address) => !address.includes(':'))
    .map((address) => ({
      from: target.place,
      to: target.name,
      attempt: { protocol: 'tcp', address, port, payload: '' },
      promised: { answerHolds: greeting },
    }));
}

function named(environment: SeenEnvironment, workload: SeenWorkload): NamedPlace {
  return { label: `${environment.label}/${workload.name}`, place: placeOf(environment, workload) };
}
