import type { SupervisorSettings } from '../config.ts';
import { configurePrograms } from '../configs/configure-programs.ts';
import { edgeIds } from '../configs/program-configs.ts';
import { writeConfig } from '../configs/write-configs.ts';
import { planSupervision } from '../daemon/plan-supervision.ts';
import type { SupervisionPlan } from '../daemon/program-plan.ts';
import type { MigrateOptions } from '../database/migrate.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import type { ImageArchive } from '../images/image-archives.ts';
import { ensureFolders } from '../instance/ensure-folders.ts';
import type { InstancePaths } from '../instance/instance-paths.ts';
import type { InstanceSettings } from '../instance/instance-settings.ts';
import { ensureSharedMount } from '../machine/ensure-shared-mount.ts';
import type { Progress } from '../progress.ts';
import { listenAddresses } from './check-ports.ts';
import { ensurePeople, type People } from './people.ts';
import { prepareDatabase } from './prepare-database.ts';
import { prepareEngine, type PreparedEngine } from './prepare-engine.ts';
import { prepareProgram, type PreparedProgram } from './prepare-program.ts';

/**
 * Makes everything that the programs need before they start: users, folders, the program's copy, the engine's images, the database's
 * folder, keys and configuration files. Gives what is to run.
 */
export async function setUpInstance(context: SetUpContext, progress: Progress): Promise<SetUp> {
  const { settings, paths, instance, archives } = context;
  const people = await progress.step('Users and folders', async () => {
    const made = await ensurePeople(instance.instance);
    await ensureInstanceFolders(paths, instance, made);
    if (archives !== undefined) await ensureSharedMount(paths.home);
    await writeFileWhole(paths.settingsFile, `${JSON.stringify(instance, null, 2)}\n`, { mode: 0o644 });
    return made;
  });
  const [program, prepared] = await progress.step('Program and container engine', () =>
    Promise.all([
      prepareProgram(settings, paths),
      archives === undefined ? undefined : prepareEngine(paths, archives, instance.uidBase),
    ]),
  );
  const plan = await progress.step('Keys and configuration', () => configure(context, { people, program, prepared }));
  const { certificateBundle } = settings;
  return { plan, prepared, migration: { account: people.accounts?.db, program, certificateBundle } };
}

type Made = {
  readonly people: People;
  readonly program: PreparedProgram;
  readonly prepared: PreparedEngine | undefined;
};

async function configure(context: SetUpContext, { people, program, prepared }: Made): Promise<SupervisionPlan> {
  const { settings, paths, instance } = context;
  const { accounts, operator } = people;
  const { certificateBundle, buildMirrors } = settings;
  const database = await prepareDatabase(settings, paths, { people, binaries: program.postgresBinaries });
  await writeConfig(paths, 'migrate', { config: database.access.migration, account: accounts?.db ?? operator });
  const images = prepared?.images ?? noImages;
  const configurations = await configurePrograms({
    paths,
    accounts,
    operator,
    database: database.access.control,
    node: program.node,
    program: program.folder,
    source: { settings: instance, paths, images, certificateBundle, listenAddresses: listenAddresses(), buildMirrors },
  });
  return planSupervision({
    settings: instance,
    paths,
    accounts,
    program,
    engine: prepared?.engine,
    postgres: database.server,
    configurations,
    certificateBundle,
  });
}

export type SetUpContext = {
  readonly settings: SupervisorSettings;
  readonly paths: InstancePaths;
  readonly instance: InstanceSettings;
  /** Undefined where nothing is run for real. */
  readonly archives: ReadonlyMap<string, ImageArchive> | undefined;
};

export type SetUp = {
  readonly plan: SupervisionPlan;
  readonly prepared: PreparedEngine | undefined;
  readonly migration: Omit<MigrateOptions, 'onLine'>;
};

const noImages = { pause: 'none', 'node@24': 'none', 'mysql@11.8': 'none' };

async function ensureInstanceFolders(paths: InstancePaths, instance: InstanceSettings, people: People): Promise<void> {
  const { operator } = people;
  const all = { db: operator, control: operator, edge: operator, prober: operator, proxy: operator };
  const accounts = people.accounts ?? all;
  await ensureFolders(paths, {
    accounts,
    operator,
    edgeIds: edgeIds(instance),
    readyFolders: [
      { program: 'agent', account: operator },
      { program: 'injector', account: operator },
      { program: 'build-proxy', account: accounts.proxy },
      { program: 'prober', account: accounts.prober },
      { program: 'control', account: accounts.control },
      ...edgeIds(instance).map((program) => ({ program, account: accounts.edge })),
    ],
  });
}
