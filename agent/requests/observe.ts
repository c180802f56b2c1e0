import type { KeyObject } from 'node:crypto';

import type { ObserveAnswer, ObserveRequest, ObservedEnvironment } from '@ringfort/contracts/agent-requests.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Driver } from '@ringfort/drivers/driver.ts';

import type { Environments } from '../environments.ts';
import { observedEnvironment } from '../loop/observed-environment.ts';
import type { PlatformCertificates } from '../authority/platform-certificates.ts';
import type { PlaceBook } from '../store/place-book.ts';

/**
 * What there is, from memory. An environment that was removed is not named any more; asked for by its id, it is told as wholly gone. Throws
 * `engine-unavailable` until the engine was heard once: an answer without endpoints would take applications off the edge.
 */
export function observe(request: ObserveRequest, tools: ObserveTools): ObserveAnswer {
  const { environments, key } = tools;
  if (environments.list().some(({ isSeen, spec }) => !isSeen && spec.state === 'present')) {
    throw new Problem('engine-unavailable', 'The agent has not heard from the container engine yet.');
  }
  const wanted = environments.list().filter(({ id }) => (request.environmentId ?? id) === id);
  const present = wanted.map((environment) => observedEnvironment(environment, key));
  return {
    driver: tools.driver.kind,
    environments: present.length === 0 ? buried(request, tools) : present,
    platformCertificates: tools.platformCertificates.list(),
  };
}

export type ObserveTools = {
  readonly environments: Environments;
  readonly places: PlaceBook;
  readonly driver: Pick<Driver, 'kind'>;
  readonly key: KeyObject;
  readonly platformCertificates: PlatformCertificates;
};

function buried({ environmentId }: ObserveRequest, { places }: ObserveTools): ObservedEnvironment[] {
  const removed = environmentId === undefined ? undefined : places.find(environmentId)?.removed;
  if (environmentId === undefined || removed === undefined || removed === null) return [];
  const { generation } = removed;
  const nothing = { message: '', workloads: [], endpoints: [], certificates: [] };
  return [{ environmentId, generation, appliedGeneration: generation, ...nothing }];
}
