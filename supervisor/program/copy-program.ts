import { chmod, constants, copyFile, mkdir, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { pathExists } from '../files/path-exists.ts';
import { linkLibraries } from './link-libraries.ts';
import { programRooms, type ProgramSource } from './program-source.ts';

/**
 * Copies the program to `<programs>/<digest>/`, where users without rights can read it and only the copier can write; gives that folder.
 * What is there already is whole and stays: a copy gets its name when it is finished.
 */
export async function copyProgram(source: ProgramSource, programs: string): Promise<string> {
  const target = join(programs, source.digest);
  if (await pathExists(target)) return target;
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await makeFolder(unfinished);
  for (const file of source.files) {
    await makeFolder(dirname(join(unfinished, file)));
    await copyOne(join(source.root, file), join(unfinished, file));
  }
  for (const { path } of source.packages) await copyPackage(join(source.root, path), join(unfinished, path));
  await makeFolder(join(unfinished, 'node_modules', '@ringfort'));
  for (const room of programRooms) {
    await symlink(join('..', '..', room), join(unfinished, 'node_modules', '@ringfort', room));
  }
  await rename(unfinished, target);
  return target;
}

/** Copies the Node that runs this to `<programs>/node/<version>/node`, once; gives its path. */
export async function copyNode(
  programs: string,
  node: { readonly path: string; readonly version: string },
): Promise<string> {
  const target = join(programs, 'node', node.version, 'node');
  if (await pathExists(target)) return target;
  await makeFolder(dirname(target));
  await copyOne(node.path, `${target}.unfinished`);
  await rename(`${target}.unfinished`, target);
  return target;
}

/** Copies the embedded PostgreSQL's package to `<programs>/postgres/<version>/`, once; gives the folder of its binaries. */
export async function copyPostgres(
  programs: string,
  postgres: { readonly folder: string; readonly version: string },
): Promise<string> {
  const target = join(programs, 'postgres', postgres.version);
  const binaries = join(target, 'native', 'bin');
  if (await pathExists(target)) return binaries;
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await copyTree(postgres.folder, unfinished);
  await linkLibraries(unfinished);
  await rename(unfinished, target);
  return binaries;
}

/** Removes copies of the program other than the one in use. Node and PostgreSQL stay. */
export async function removeOldPrograms(programs: string, digest: string): Promise<void> {
  for (const name of await readdir(programs)) {
    if (![digest, 'node', 'postgres'].includes(name)) await rm(join(programs, name), { recursive: true });
  }
}

/** Optional packages for other processors are in the lockfile but not on the disk. */
async function copyPackage(from: string, to: string): Promise<void> {
  if (!(await pathExists(from))) return;
  await copyTree(from, to);
}

async function copyTree(from: string, to: string): Promise<void> {
  await makeFolder(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    // Packages inside a package have entries of their own in the lockfile.
    else if (entry.isDirectory() && entry.name !== 'node_modules') await copyTree(source, target);
    else if (entry.isFile()) await copyOne(source, target);
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o755 });
}

async function copyOne(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  const isExecutable = ((await stat(from)).mode & 0o100) !== 0;
  await chmod(to, isExecutable ? 0o755 : 0o644);
}
