import { z } from 'zod';

const Entry = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
  peerDependencies: z.record(z.string(), z.string()).optional(),
});
/** The parts of `package-lock.json` (version 3) that are read here. Its keys are folders, relative to the root. */
export const Lockfile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), Entry) });
export type Lockfile = z.infer<typeof Lockfile>;

/** A package that programs need: its folder below the root, and what pins its content. */
export type LockedPackage = { readonly path: string; readonly pin: string };

/**
 * The third-party packages that the rooms need to run, and nothing that only checks or tests need. Found the way that Node finds them: from
 * the folder of the one who asks, upwards.
 */
export function productionClosure(lockfile: Lockfile, rooms: readonly string[]): readonly LockedPackage[] {
  const { packages } = lockfile;
  const found = new Map<string, LockedPackage>();
  const visit = (folder: string): void => {
    const entry = packages[folder];
    if (entry === undefined) throw new Error(`package-lock.json has no entry for ${folder}`);
    const names = { ...entry.peerDependencies, ...entry.optionalDependencies, ...entry.dependencies };
    for (const name of Object.keys(names)) {
      const path = resolvePackage(packages, folder, name);
      const isNeeded = entry.dependencies !== undefined && Object.hasOwn(entry.dependencies, name);
      if (path === undefined && isNeeded) throw new Error(`package-lock.json lacks ${name}, which ${folder} needs`);
      if (path === undefined || found.has(path) || packages[path]?.link === true) continue;
      found.set(path, { path, pin: `${packages[path]?.version ?? ''} ${packages[path]?.integrity ?? ''}` });
      visit(path);
    }
  };
  for (const room of rooms) visit(room);
  return [...found.values()].toSorted((left, right) => (left.path < right.path ? -1 : 1));
}

function resolvePackage(packages: Lockfile['packages'], from: string, name: string): string | undefined {
  const parts = from.split('/');
  for (let length = parts.length; length >= 0; length -= 1) {
    const folder = [...parts.slice(0, length), 'node_modules', name].join('/');
    if (Object.hasOwn(packages, folder)) return folder;
  }
  return undefined;
}
