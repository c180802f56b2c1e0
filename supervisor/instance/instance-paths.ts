import { join } from 'node:path';

/** Where everything of one instance lies. `home` outlives a restart of the machine, `run` does not. */
export function instancePaths(instance: string, roots: PlatformRoots = platformRoots): InstancePaths {
  const home = join(roots.state, instance);
  const run = join(roots.run, instance);
  return {
    home,
    run,
    settingsFile: join(home, 'instance.json'),
    tokenFile: join(home, 'administrator-token'),
    authorityFile: join(home, 'authority.pem'),
    planFile: join(home, 'config', 'supervisor.json'),
    configFile: (program) => join(home, 'config', `${program}.json`),
    logFile: (program) => join(home, 'log', `${program}.log`),
    recordFile: (program) => join(run, 'pids', `${program}.json`),
    readyFile: (program) => join(run, 'ready', program, 'ready'),
    statusSocket: join(run, 'supervisor.sock'),
    // Beside the folder, because `up` empties that after a restart of the machine.
    lockFile: `${run}.lock`,
    programs: join(home, 'program'),
    databaseFolder: join(home, 'postgres'),
    databaseSocketFolder: join(run, 'postgres'),
    migratedFile: (digest) => join(home, 'database', `migrated-${digest}`),
    engineHome: join(home, 'engine'),
    engineRun: join(run, 'engine'),
    engineSocket: join(run, 'engine', 'podman.sock'),
    agentHome: join(home, 'agent'),
    agentControlSocket: join(run, 'agent-control', 'agent.sock'),
    agentProberSocket: join(run, 'agent-prober', 'agent.sock'),
    controlHome: join(home, 'control'),
    controlEdgeSocket: join(run, 'control-edge', 'control.sock'),
    controlApiSocket: join(run, 'control-api', 'api.sock'),
    controlKeyFile: join(home, 'control', 'signing-key.pem'),
    edgeHome: (edgeId) => join(home, 'edge', edgeId),
    edgeKeyFile: join(home, 'edge', 'sealing-key'),
    proberHome: join(home, 'prober'),
    proberSocket: join(run, 'prober', 'prober.sock'),
    proberKeyFile: join(home, 'prober', 'signing-key.pem'),
    injectorSocket: join(run, 'injector', 'injector.sock'),
  };
}

/** The folders that all instances of a machine share. */
export type PlatformRoots = { readonly state: string; readonly run: string; readonly cache: string };

export const platformRoots: PlatformRoots = {
  state: '/var/lib/ringfort',
  run: '/run/ringfort',
  cache: '/var/cache/ringfort',
};

export type InstancePaths = {
  readonly home: string;
  readonly run: string;
  readonly settingsFile: string;
  readonly tokenFile: string;
  readonly authorityFile: string;
  readonly planFile: string;
  readonly configFile: (program: string) => string;
  readonly logFile: (program: string) => string;
  readonly recordFile: (program: string) => string;
  readonly readyFile: (program: string) => string;
  readonly statusSocket: string;
  readonly lockFile: string;
  readonly programs: string;
  readonly databaseFolder: string;
  readonly databaseSocketFolder: string;
  readonly migratedFile: (digest: string) => string;
  readonly engineHome: string;
  readonly engineRun: string;
  readonly engineSocket: string;
  readonly agentHome: string;
  readonly agentControlSocket: string;
  readonly agentProberSocket: string;
  readonly controlHome: string;
  readonly controlEdgeSocket: string;
  readonly controlApiSocket: string;
  readonly controlKeyFile: string;
  readonly edgeHome: (edgeId: string) => string;
  readonly edgeKeyFile: string;
  readonly proberHome: string;
  readonly proberSocket: string;
  readonly proberKeyFile: string;
  readonly injectorSocket: string;
};
