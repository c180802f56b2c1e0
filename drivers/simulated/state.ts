import { readFile, rename, writeFile } from 'node:fs/promises';

import { WorkloadRef } from '@ringfort/contracts/agent-requests.ts';
import { ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { z } from 'zod';

/** What the simulated driver pretends to run. */
export type SimulatedState = {
  readonly environments: Map<EnvironmentId, ReadonlyMap<string, SimulatedWorkload>>;
  readonly images: Map<EnvironmentId, Set<ImageDigest>>;
  /** Writes the file, when there is one, whole or not at all. */
  readonly save: () => Promise<void>;
};

const SimulatedWorkload = z.object({
  key: z.string(),
  digest: z.string(),
  ref: WorkloadRef,
  startedAt: z.iso.datetime(),
  isRunning: z.boolean(),
});
export type SimulatedWorkload = Readonly<z.infer<typeof SimulatedWorkload>>;

const SavedState = z.object({
  environments: z.array(z.object({ environmentId: EnvironmentId, workloads: z.array(SimulatedWorkload) })),
  images: z.array(z.object({ environmentId: EnvironmentId, digests: z.array(ImageDigest) })),
});

/** Reads the state from `file`; there is none yet when the file is not there. */
export async function openState(file: string | undefined): Promise<SimulatedState> {
  const saved = file === undefined ? undefined : await readSaved(file);
  const environments = new Map(
    saved?.environments.map(({ environmentId, workloads }) => [
      environmentId,
      new Map(workloads.map((workload) => [workload.key, workload])),
    ]),
  );
  const images = new Map(saved?.images.map(({ environmentId, digests }) => [environmentId, new Set(digests)]));
  const state = { environments, images };
  let last = Promise.resolve();
  const write = (): Promise<void> => (file === undefined ? Promise.resolve() : writeSaved(file, state));
  /** One after the other, because they share the name of the unfinished file. */
  const save = (): Promise<void> => {
    last = last.then(write, write);
    return last;
  };
  return { ...state, save };
}

async function readSaved(file: string): Promise<z.infer<typeof SavedState> | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : SavedState.parse(JSON.parse(text));
}

async function writeSaved(file: string, state: Pick<SimulatedState, 'environments' | 'images'>): Promise<void> {
  const saved: z.infer<typeof SavedState> = {
    environments: [...state.environments].map(([environmentId, workloads]) => ({
      environmentId,
      workloads: [...workloads.values()],
    })),
    images: [...state.images].map(([environmentId, digests]) => ({ environmentId, digests: [...digests] })),
  };
  await writeFile(`${file}.new`, JSON.stringify(saved), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
