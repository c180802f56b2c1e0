import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { chooseRuntime } from '../engine/choose-runtime.ts';
import {
  engineCommand,
  engineConfiguration,
  engineConfigurationFile,
  type ContainerRuntime,
  type EngineCommand,
} from '../engine/engine-command.ts';
import { importImages, podman } from '../engine/import-images.ts';
import { pathExists } from '../files/path-exists.ts';
import { readIfThere } from '../files/read-json.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import type { ImageArchive } from '../images/image-archives.ts';
import { imageReference } from '../images/write-image-archive.ts';
import type { InstancePaths } from '../instance/instance-paths.ts';

/** The images' names in the engine, under the contracts' names for what they run. */
export type EngineImages = { readonly pause: string; readonly 'node@24': string; readonly 'mysql@11.8': string };

/** Gives the instance's engine its configuration and its images, with the container runtime that works on this machine. */
export async function prepareEngine(
  paths: InstancePaths,
  archives: ReadonlyMap<string, ImageArchive>,
  uidBase: number,
): Promise<PreparedEngine> {
  const engine = engineCommand(paths);
  const images = {
    pause: tagged(archives, 'base', 'pause'),
    'node@24': tagged(archives, 'node-24', 'node-24'),
    'mysql@11.8': tagged(archives, 'mysql-11.8', 'mysql-11.8'),
  };
  const conmon = await placeMonitor(paths);
  const write = async (runtime: ContainerRuntime): Promise<string> => {
    const text = engineConfiguration({ runtime, cgroups: (await hasSystemd()) ? 'systemd' : 'cgroupfs', conmon });
    await writeFileWhole(engineConfigurationFile(paths), text, { mode: 0o600 });
    return text;
  };
  // Before there is a configuration, any runtime does for loading images.
  if (!(await pathExists(engineConfigurationFile(paths)))) await write('runc');
  await importImages(engine, Object.values(images));
  const tried = join(paths.engineHome, 'runtime');
  const known = (await readIfThere(tried))?.trim();
  const installed = await installedRuntimes();
  const remembered = installed.find((runtime) => runtime === known);
  const runtime =
    remembered ??
    (await chooseRuntime(installed, async (candidate) => {
      await write(candidate);
      const trial = ['--replace', '--name=ringfort-trial', ...trialOptions(uidBase), images.pause.reference];
      await podman(engine, ['run', '--detach', ...trial]);
      await podman(engine, ['rm', '--force', '--time=0', 'ringfort-trial']);
    }));
  const configuration = await write(runtime);
  await writeFileWhole(tried, `${runtime}\n`, { mode: 0o600 });
  return {
    engine: { ...engine, configuration },
    images: {
      pause: images.pause.reference,
      'node@24': images['node@24'].reference,
      'mysql@11.8': images['mysql@11.8'].reference,
    },
  };
}

export type PreparedEngine = {
  readonly engine: EngineCommand & { readonly configuration: string };
  readonly images: EngineImages;
};

/** Beside the engine's configuration, so that containers outlive the program that started them and its folder. */
async function placeMonitor(paths: InstancePaths): Promise<string> {
  const script = join(import.meta.dirname, '../../drivers/container-engine/conmon-without-clean-up');
  const monitor = join(paths.engineHome, 'conmon-without-clean-up');
  await writeFileWhole(monitor, await readFile(script, 'utf8'), { mode: 0o755 });
  return monitor;
}

/**
 * The trial is a container as workloads are: with users of its own, without network or rights. Above the host's own limits no container
 * starts where the capability to raise them is missing.
 */
function trialOptions(uidBase: number): readonly string[] {
  const users = `0:${uidBase}:65536`;
  const closed = ['--network=none', '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges'];
  return [...closed, `--uidmap=${users}`, `--gidmap=${users}`, '--ulimit=nofile=1024:1024', '--ulimit=nproc=256:256'];
}

/** Whether systemd runs this machine, and so its control groups. */
export async function hasSystemd(): Promise<boolean> {
  return pathExists('/run/systemd/system');
}

async function installedRuntimes(): Promise<readonly ContainerRuntime[]> {
  const found: ContainerRuntime[] = [];
  for (const runtime of ['crun', 'runc'] as const) {
    const places = ['/usr/bin', '/usr/sbin', '/usr/local/bin'].map((folder) => join(folder, runtime));
    if ((await Promise.all(places.map(pathExists))).some(Boolean)) found.push(runtime);
  }
  return found;
}

function tagged(
  archives: ReadonlyMap<string, ImageArchive>,
  name: string,
  tag: string,
): { reference: string; archive: ImageArchive } {
  const archive = archives.get(name);
  if (archive === undefined) throw new Error(`There is no recipe ${name}`);
  return { reference: imageReference(tag, archive.version), archive };
}
