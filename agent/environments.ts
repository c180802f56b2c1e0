import type { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { AgentConfig } from '@ringfort/contracts/program-config.ts';

import { findEnvironment, type Environment } from './loop/environment.ts';
import { startEnvironmentLoop, type EnvironmentLoop, type LoopOptions } from './loop/environment-loop.ts';
import type { PlaceRecord } from './plan/allot-place.ts';
import { checkSpec } from './plan/check-spec.ts';
import { checkSuccession } from './plan/check-succession.ts';
import { environmentPlace } from './plan/environment-place.ts';
import { specDocument } from './store/environment-documents.ts';
import type { PlaceBook } from './store/place-book.ts';
import { createSerial } from './store/serial.ts';

/** All environments of this target, each with its loop. */
export type Environments = {
  /** Takes a specification: when it resolves, it is on disk and the loop works on it. */
  readonly apply: (spec: EnvironmentSpec) => Promise<void>;
  readonly list: () => readonly Environment[];
  readonly find: (id: EnvironmentId) => Environment | undefined;
  /** Ends the loops after the pass that each is in. */
  readonly close: () => Promise<void>;
};

/** Goes on with what is on disk. */
export async function openEnvironments(options: EnvironmentsOptions): Promise<Environments> {
  const { places, tools } = options;
  const { store } = tools;
  const all = new Map<EnvironmentId, Running>();
  const serial = createSerial();
  const remove = async (environment: Environment): Promise<void> => {
    await options.beforeRemove(environment.id);
    await tools.driver.remove(environment.place);
    const at = new Date(tools.clock.nowMs()).toISOString();
    await places.bury(environment.id, { generation: environment.spec.generation, at });
    await store.remove(environment.id);
    all.delete(environment.id);
  };
  /** Nothing can run yet in one that is new. */
  const open = async (record: PlaceRecord, { isNew }: { readonly isNew: boolean }): Promise<void> => {
    const { environmentId, throwaway, place } = record;
    if (place === null) return;
    const found = await findEnvironment(environmentPlace({ environmentId, throwaway, ...place }, tools.config), store);
    if (found === undefined) return;
    found.isSeen = isNew;
    all.set(environmentId, { environment: found, loop: startEnvironmentLoop(found, { ...tools, remove }) });
  };
  const begin = async (spec: EnvironmentSpec): Promise<void> => {
    const { environmentId: id, throwaway, generation } = spec;
    const known = places.find(id);
    if (known !== undefined && known.removed !== null) return checkAfterRemoval(spec);
    if (spec.state === 'removed' && known === undefined) {
      return places.bury(id, { generation, at: new Date(tools.clock.nowMs()).toISOString() });
    }
    const record = await places.allot(id, { throwaway });
    if (record.throwaway !== throwaway)
      throw new Problem('state-conflict', `“throwaway” of environment ${id} cannot change.`);
    await store.write(id, specDocument, spec);
    await open(record, { isNew: true });
  };
  const apply = async (spec: EnvironmentSpec): Promise<void> => {
    checkSpec(spec, tools.config.platformHostnames);
    const current = all.get(spec.environmentId);
    if (current === undefined) return begin(spec);
    checkSuccession(spec, current.environment.spec);
    await store.write(spec.environmentId, specDocument, spec);
    current.environment.spec = spec;
    current.loop.nudge();
  };
  for (const id of await store.list()) {
    const record = places.find(id);
    if (record === undefined) throw new Error(`places.json does not know environment ${id}. Restore it from a backup.`);
    if (record.removed === null) await open(record, { isNew: false });
    else await store.remove(id);
  }
  return {
    apply: (spec) => serial(() => apply(spec)),
    list: () => [...all.values()].map(({ environment }) => environment),
    find: (id) => all.get(id)?.environment,
    close: async () => {
      await Promise.all([...all.values()].map(({ loop }) => loop.close()));
    },
  };
}

export type EnvironmentsOptions = {
  readonly places: PlaceBook;
  readonly tools: Omit<LoopOptions, 'remove'> & { readonly config: AgentConfig };
  /** Ends what still works on an environment, before it is taken away. */
  readonly beforeRemove: (id: EnvironmentId) => Promise<void>;
};

type Running = { readonly environment: Environment; readonly loop: EnvironmentLoop };

function checkAfterRemoval(spec: EnvironmentSpec): void {
  if (spec.state === 'removed') return;
  throw new Problem('state-conflict', `Environment ${spec.environmentId} was removed. Make a new one.`);
}
