/** One room: a folder at the root, what it is for, and everything that its files may import besides each other. */
export type Room = {
  readonly name: string;
  readonly purpose: string;
  readonly imports: readonly string[];
  readonly packages: readonly string[];
  readonly builtins: Builtins;
};

/** Node's own modules that a room may import: all of them, all but starting processes, or the named ones. */
export type Builtins = 'any' | 'no-processes' | readonly string[];

/** Modules that start programs or threads. Only rooms whose work that is may import them. */
export const processBuiltins: readonly string[] = ['child_process', 'cluster'];

/** What test files may import in addition, in every room. */
export const testPackages: readonly string[] = ['fast-check'];

const pure: readonly string[] = ['crypto'];

/**
 * The one table of who may import whom. Lint, the house rules, the architecture test and the map in
 * `docs/architecture.md` are all made from it. What is not listed is refused.
 */
export const rooms: readonly Room[] = [
  {
    name: 'kit',
    purpose: 'our small standard library, without input or output',
    imports: [],
    packages: [],
    builtins: pure,
  },
  {
    name: 'contracts',
    purpose: 'all that crosses a process border: routes, schemas, problems, permissions',
    imports: ['kit'],
    packages: ['@hpke/core', 'zod'],
    builtins: pure,
  },
  { name: 'waf', purpose: 'the rule engine: bytes in, verdict out', imports: [], packages: [], builtins: [] },
  {
    name: 'drivers',
    purpose: 'running workloads: the port, its conformance suite, its implementations',
    imports: ['kit', 'contracts'],
    packages: ['tar-stream', 'undici', 'zod'],
    builtins: 'any',
  },
  {
    name: 'agent',
    purpose: 'turns a validated environment specification into running workloads',
    imports: ['kit', 'contracts', 'drivers'],
    packages: ['@peculiar/x509', 'zod'],
    builtins: 'any',
  },
  {
    name: 'edge',
    purpose: 'TLS, routing, limits, firewall, proxying',
    imports: ['kit', 'contracts', 'waf'],
    packages: ['undici'],
    builtins: 'no-processes',
  },
  {
    name: 'prober',
    purpose: 'looks at the platform from where attackers stand and signs what it saw',
    imports: ['kit', 'contracts'],
    packages: ['zod'],
    builtins: 'no-processes',
  },
  {
    name: 'injector',
    purpose: 'breaks throw-away workspaces, so that a control shows that it can turn red',
    imports: ['kit', 'contracts'],
    packages: ['undici', 'zod'],
    builtins: 'any',
  },
  {
    name: 'control',
    purpose: 'the wanted state, operations, reconcilers and the API',
    imports: ['kit', 'contracts'],
    packages: ['fastify', 'kysely', 'pg', 'pg-boss', 'tar-stream', 'undici', 'zod'],
    builtins: 'no-processes',
  },
  {
    name: 'console',
    purpose: 'the screens in the browser, over the public API alone',
    imports: ['kit', 'contracts'],
    packages: [],
    builtins: [],
  },
  {
    name: 'cli',
    purpose: 'the command line, over the public API alone',
    imports: ['kit', 'contracts'],
    packages: ['@clack/prompts', 'commander', 'tar-stream', 'undici', 'yaml', 'zod'],
    builtins: 'any',
  },
  {
    name: 'supervisor',
    purpose: 'starts the programs of one machine and starts them again when they end',
    imports: ['kit', 'contracts'],
    packages: ['zod'],
    builtins: 'any',
  },
  {
    name: 'e2e',
    purpose: 'tests of the whole, from outside',
    imports: ['kit', 'contracts'],
    packages: ['playwright-core', 'zod'],
    builtins: 'any',
  },
  {
    name: 'bench',
    purpose: 'measurements',
    imports: ['kit', 'contracts', 'waf'],
    packages: [],
    builtins: 'any',
  },
  { name: 'tools', purpose: "the house's checks", imports: [], packages: ['oxc-parser'], builtins: 'any' },
];

/** Finds the room that a path from the root lies in; undefined for files that belong to none. */
export function findRoom(path: string): Room | undefined {
  const folder = path.slice(0, path.indexOf('/'));
  return rooms.find((room) => room.name === folder);
}

/** Says whether a room may import a module of Node's, given without the `node:` prefix. */
export function isBuiltinAllowed(room: Room, builtin: string): boolean {
  if (room.builtins === 'any') return true;
  const top = builtin.split('/')[0] ?? builtin;
  if (room.builtins === 'no-processes') return !processBuiltins.includes(top);
  return room.builtins.includes(top);
}
