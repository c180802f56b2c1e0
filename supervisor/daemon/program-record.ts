import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { readJson } from '../files/read-json.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import { ProcessIdentity } from '../processes/process-identity.ts';

/** `pids/<program>.json`: the process that was started last, so that whoever supervises next finds it and lets it run. */
export const ProgramRecord = z.object({
  identity: ProcessIdentity,
  /** The plan's when it was started. */
  digest: z.string(),
  startedAt: z.iso.datetime(),
  /** How many times it was started again since the instance came up. */
  restarts: z.number().int(),
});
export type ProgramRecord = z.infer<typeof ProgramRecord>;

/** Reads what was recorded of a program; undefined when nothing is. */
export async function readRecord(folder: string, name: string): Promise<ProgramRecord | undefined> {
  return readJson(join(folder, `${name}.json`), ProgramRecord);
}

/** Notes a program's process down, whole or not at all. */
export async function writeRecord(folder: string, name: string, record: ProgramRecord): Promise<void> {
  await writeFileWhole(join(folder, `${name}.json`), `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

/** Forgets a program that was stopped on purpose. */
export async function removeRecord(folder: string, name: string): Promise<void> {
  await rm(join(folder, `${name}.json`), { force: true });
}
