import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { edgeIds } from '../configs/program-configs.ts';
import { dataFolder } from '../database/cluster.ts';
import type { EngineCommand } from '../engine/engine-command.ts';
import type { InstancePaths } from '../instance/instance-paths.ts';
import type { InstanceSettings } from '../instance/instance-settings.ts';
import type { Account, Accounts } from '../machine/accounts.ts';
import { plainEnvironment } from '../processes/plain-environment.ts';
import type { ProgramPlan, SupervisionPlan } from './program-plan.ts';

/**
 * Everything that runs for an instance, in the order in which it is started and replaced: what others stand on first, the edges last. A
 * program's digest covers its command and its configuration, so that it is replaced when either changes, and only then.
 */
export function planSupervision(source: PlanSource): SupervisionPlan {
  const { paths } = source;
  const programs = [
    ...(source.engine === undefined ? [] : [enginePlan(source, source.engine)]),
    ...(source.postgres === undefined ? [] : [databasePlan(source, source.postgres)]),
    // What the agent makes for workloads is read by their users; its home is closed, whatever the files' modes.
    nodePlan(source, { name: 'agent', main: 'agent/main.ts', after: ['engine'], umask: 0o022 }),
    ...(source.engine === undefined ? [] : rootedPlans(source)),
    nodePlan(source, { name: 'prober', main: 'prober/main.ts', account: source.accounts?.prober }),
    nodePlan(source, {
      name: 'control',
      main: 'control/main.ts',
      account: source.accounts?.control,
      after: ['database'],
      waitsFor: [paths.migratedFile(source.program.digest)],
    }),
    ...edgeIds(source.settings).map((name) =>
      nodePlan(source, {
        name,
        main: 'edge/main.ts',
        account: source.accounts?.edge,
        capabilities: source.accounts === undefined ? [] : ['net_bind_service'],
      }),
    ),
  ];
  const daemon = selfPlan(source, 'daemon', { kind: 'socket', path: paths.statusSocket });
  const keeper = selfPlan(source, 'keeper', { kind: 'running' });
  return {
    instance: source.settings.instance,
    digest: digestOf([...programs, daemon, keeper].map((program) => `${program.name} ${program.digest}`)),
    programDigest: source.program.digest,
    statusSocket: paths.statusSocket,
    locksFolder: paths.run,
    recordsFolder: join(paths.run, 'pids'),
    programs,
    keeper,
    daemon,
  };
}

export type PlanSource = {
  readonly settings: InstanceSettings;
  readonly paths: InstancePaths;
  /** Undefined without root: then everything runs as whoever runs the supervisor. */
  readonly accounts: Accounts | undefined;
  readonly program: { readonly folder: string; readonly digest: string; readonly node: string };
  /** Undefined where nothing is run for real; the configuration is the text of containers.conf. */
  readonly engine: (EngineCommand & { readonly configuration: string }) | undefined;
  /** Path of the embedded database's server; undefined with a database elsewhere. */
  readonly postgres: string | undefined;
  /** SHA-256 or text of each program's configuration file, by its name. */
  readonly configurations: ReadonlyMap<string, string>;
  readonly certificateBundle: string;
};

function enginePlan(source: PlanSource, engine: NonNullable<PlanSource['engine']>): ProgramPlan {
  const service = ['system', 'service', '--time=0', `unix://${source.paths.engineSocket}`];
  return complete(source, {
    name: 'engine',
    command: [...engine.command, ...service],
    signature: service,
    // Files that the engine makes for containers are read by the containers' own users.
    umask: 0o022,
    environment: engine.environment,
    ready: { kind: 'socket', path: source.paths.engineSocket },
    content: engine.configuration,
  });
}

function databasePlan(source: PlanSource, postgres: string): ProgramPlan {
  const data = dataFolder(source.paths.databaseFolder);
  return complete(source, {
    name: 'database',
    command: [postgres, '-D', data],
    signature: ['-D', data],
    account: source.accounts?.db,
    ready: { kind: 'postmaster', path: join(data, 'postmaster.pid') },
    // Fast shutdown: transactions under way are undone, not waited for.
    stopSignal: 'SIGINT',
    content: '',
  });
}

function rootedPlans(source: PlanSource): readonly ProgramPlan[] {
  return [
    nodePlan(source, {
      name: 'build-proxy',
      main: 'agent/build-proxy/main.ts',
      account: source.accounts?.proxy,
      after: ['agent'],
    }),
    nodePlan(source, { name: 'injector', main: 'injector/main.ts', after: ['engine'] }),
  ];
}

type NodeProgram = {
  readonly name: string;
  readonly main: string;
  readonly account?: Account | undefined;
  readonly capabilities?: string[];
  readonly after?: string[];
  readonly umask?: number;
  readonly waitsFor?: string[];
};

function nodePlan(source: PlanSource, { main, ...program }: NodeProgram): ProgramPlan {
  const config = source.paths.configFile(program.name);
  return complete(source, {
    ...program,
    command: [source.program.node, join(source.program.folder, main), config],
    signature: [config],
    ready: { kind: 'file', path: source.paths.readyFile(program.name) },
    content: source.configurations.get(program.name) ?? '',
  });
}

function selfPlan(source: PlanSource, name: 'daemon' | 'keeper', ready: ProgramPlan['ready']): ProgramPlan {
  const signature = [name, source.paths.planFile];
  const command = [source.program.node, join(source.program.folder, 'supervisor', 'main.ts'), ...signature];
  return complete(source, { name, command, signature, ready, content: '' });
}

type Incomplete = Partial<ProgramPlan> &
  Pick<ProgramPlan, 'name' | 'command' | 'signature' | 'ready'> & { readonly content: string };

function complete(source: PlanSource, { content, ...program }: Incomplete): ProgramPlan {
  const plan = {
    capabilities: [],
    umask: 0o077,
    environment: { ...plainEnvironment, NODE_EXTRA_CA_CERTS: source.certificateBundle },
    log: source.paths.logFile(program.name),
    waitsFor: [],
    after: [],
    stopSignal: 'SIGTERM' as const,
    ...program,
  };
  return { ...plan, digest: digestOf([JSON.stringify(plan), content]) };
}

function digestOf(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part}\0`);
  return hash.digest('hex').slice(0, 16);
}
