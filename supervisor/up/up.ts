import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

import type { SupervisorSettings } from '../config.ts';
import { migrate } from '../database/migrate.ts';
import { removeOldImages } from '../engine/import-images.ts';
import { ensureFolder } from '../files/ensure-folder.ts';
import { ensureRunFolder } from '../instance/ensure-run-folder.ts';
import { claimInstance } from '../instance/claim-instance.ts';
import { listHostNetworks } from '../instance/host-networks.ts';
import { instancePaths, type InstancePaths } from '../instance/instance-paths.ts';
import type { InstanceSettings } from '../instance/instance-settings.ts';
import { portIsFree } from '../instance/port-is-free.ts';
import { supervisorLimits as limits } from '../limits.ts';
import { withLock } from '../processes/with-lock.ts';
import { removeOldPrograms } from '../program/copy-program.ts';
import type { Progress } from '../progress.ts';
import { checkPorts } from './check-ports.ts';
import { deployDemo } from './deploy-demo.ts';
import { enableAtBoot } from './enable-at-boot.ts';
import { prepareImages } from './prepare-images.ts';
import { prepareMachine } from './prepare-machine.ts';
import { setUpInstance } from './set-up-instance.ts';
import { startSupervision, waitUntilReady } from './start-supervision.ts';
import { waitForApi } from './wait-for-api.ts';

/**
 * Brings the instance up, from an empty machine or from wherever an earlier run was cut off: each step looks at what is there and does
 * what is missing. Gives what the instance is by then.
 */
export async function up(settings: SupervisorSettings, options: UpOptions): Promise<InstanceSettings> {
  const { progress, clock } = options;
  const paths = instancePaths(settings.instance, settings.roots);
  const isReal = options.driver === 'container-engine';
  if (isReal) await prepareMachine({ forTests: false, env: settings.env }, progress);
  const archives = isReal ? await prepareImages(settings, progress, clock.nowMs()) : undefined;
  await ensureFolder(dirname(paths.lockFile), { mode: 0o755 });
  const onWait = (): void => progress.note('Another ./ringfort up or down of this instance runs; waiting for it.');
  return withLock(paths.lockFile, () => upAlone(settings, options, { paths, archives }), onWait);
}

type Begun = {
  readonly paths: InstancePaths;
  readonly archives: Awaited<ReturnType<typeof prepareImages>> | undefined;
};

async function upAlone(
  settings: SupervisorSettings,
  options: UpOptions,
  { paths, archives }: Begun,
): Promise<InstanceSettings> {
  const { progress, clock } = options;
  const isReal = options.driver === 'container-engine';
  await ensureRunFolder(paths.run);
  const instance = await progress.step('Instance', () => settle(settings, options, paths));
  const context = { settings, paths, instance, archives };
  const { plan, migration, prepared } = await setUpInstance(context, progress);
  await progress.step('Database', async (report) => {
    await startSupervision(plan, paths.planFile, clock.nowMs());
    const programs = plan.programs.filter(({ name }) => name === 'database').map(({ name }) => name);
    await waitUntilReady(plan, { programs, report });
    await migrate(paths, { ...migration, onLine: report });
  });
  await progress.step('Programs', (report) => waitUntilReady(plan, { report }));
  await progress.step('Web server', () => waitForApi(instance, paths));
  if (isReal) await enableAtBoot(settings);
  // A simulated engine runs nothing that could be looked at.
  if (options.withDemo && isReal) await deployDemo(settings, paths, progress);
  await removeOldPrograms(paths.programs, plan.programDigest);
  if (prepared !== undefined) await removeOldImages(prepared.engine, Object.values(prepared.images));
  return instance;
}

export type UpOptions = {
  readonly withDemo: boolean;
  readonly driver: InstanceSettings['driver'];
  readonly progress: Progress;
  readonly clock: { readonly nowMs: () => number };
};

async function settle(
  settings: SupervisorSettings,
  options: UpOptions,
  paths: InstancePaths,
): Promise<InstanceSettings> {
  const request = {
    instance: settings.instance,
    driver: options.driver,
    httpPort: settings.httpPort,
    httpsPort: settings.httpsPort,
    // Ports below 1024 take a right that nobody but root has here.
    mayTakeStandardPorts: settings.instance === 'default' && process.getuid?.() === 0,
    edges: Math.min(availableParallelism(), limits.edgesMax),
    stateFolder: settings.roots.state,
  };
  const networks = options.driver === 'simulated' ? () => Promise.resolve([]) : listHostNetworks;
  const instance = await claimInstance(request, { networks, isPortFree: portIsFree });
  await checkPorts(instance, join(paths.run, 'pids'));
  return instance;
}
