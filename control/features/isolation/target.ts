import type { ProbeAttempt } from '@ringfort/contracts/probe.ts';

import { Problem } from '@ringfort/contracts/problem.ts';

import type { ControlContext } from '../controls/control.ts';
import { placeOf, type SeenEnvironment, type SeenWorkload } from '../controls/seen-environment.ts';
import type { NamedPlace, Trial } from './trial.ts';

/** A workload as a target: all that listens in its own namespace, at all its addresses, and canaries planted there. */
export type Target = {
  readonly environment: SeenEnvironment;
  readonly workload: SeenWorkload;
  readonly name: string;
  readonly place: NamedPlace;
  /** What an attacker tries. */
  readonly attempts: readonly ProbeAttempt[];
  /** From the target's own namespace: the canaries do answer there. */
  readonly twins: readonly Trial[];
  readonly addresses: readonly string[];
};

const canaryLifeMs = 30_000;

/** Looks at a workload from inside and plants a canary for TCP and one for UDP on `canaryPort`. */
export async function lookAtTarget(
  context: ControlContext,
  options: { readonly environment: SeenEnvironment; readonly workload: SeenWorkload; readonly canaryPort: number },
): Promise<Target> {
  const { environment, workload, canaryPort } = options;
  const name = `${environment.label}/${workload.name}`;
  const place = { label: name, place: placeOf(environment, workload) };
  const nonces = { tcp: context.nonce(), udp: context.nonce() };
  for (const protocol of ['tcp', 'udp'] as const) {
    const canary = { protocol, port: canaryPort, nonce: nonces[protocol], lifeMs: canaryLifeMs };
    if (!(await context.probe.canary(place.place, canary)))
      throw new Problem('prober-unavailable', `No canary could be planted in ${name}.`);
  }
  const seen = await context.probe.listeners(place.place);
  const addresses = seen.addresses.map((item) => withoutPrefix(item.address)).filter((address) => !isLoopback(address));
  const ports = uniqueListeners([...seen.listeners, { protocol: 'tcp', port: workload.port }]);
  const attempts = addresses.flatMap((address) => [
    ...ports.map(({ protocol, port }) => ({ protocol, address, port, payload: 'ringfort probe\r\n\r\n' })),
    { protocol: 'icmp' as const, address },
  ]);
  const twins = addresses.filter(isGlobal).flatMap((address) =>
    (['tcp', 'udp'] as const).map((protocol) => ({
      from: place,
      to: `${name} (canary)`,
      attempt: { protocol, address, port: canaryPort, payload: 'ringfort twin' },
      promised: { answerHolds: nonces[protocol] },
    })),
  );
  return { environment, workload, name, place, attempts, twins, addresses };
}

function uniqueListeners(
  listeners: readonly { readonly protocol: 'tcp' | 'udp'; readonly port: number }[],
): readonly { readonly protocol: 'tcp' | 'udp'; readonly port: number }[] {
  return [...new Map(listeners.map(({ protocol, port }) => [`${protocol}/${port}`, { protocol, port }])).values()];
}

function withoutPrefix(address: string): string {
  return address.split('/')[0] ?? address;
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

function isGlobal(address: string): boolean {
  return !address.toLowerCase().startsWith('fe80');
}
