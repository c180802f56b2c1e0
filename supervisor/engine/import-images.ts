import type { ImageArchive } from '../images/image-archives.ts';
import { CommandFailure, runCommand } from '../processes/run-command.ts';
import { supervisorLimits as limits } from '../limits.ts';
import type { EngineCommand } from './engine-command.ts';

/** Loads archives whose images the engine does not have yet. `tag` is one of the archive's. */
export async function importImages(engine: EngineCommand, images: readonly TaggedArchive[]): Promise<void> {
  const present = new Set((await podman(engine, ['images', '--format={{.Repository}}:{{.Tag}}'])).split('\n'));
  // One after the other: a layer that two images share is stored by the first and found by the second.
  for (const { reference, archive } of images) {
    if (!present.has(reference)) await podman(engine, ['load', '--quiet', `--input=${archive.path}`]);
  }
}

export type TaggedArchive = { readonly reference: string; readonly archive: ImageArchive };

/** Removes images of ours that are of no use any more. One that a container still stands on is left for the next time. */
export async function removeOldImages(engine: EngineCommand, keep: readonly string[]): Promise<void> {
  const versions = new Set(keep.map((reference) => reference.slice(reference.lastIndexOf(':'))));
  const lines = (await podman(engine, ['images', '--format={{.Repository}}:{{.Tag}} {{.Containers}}'])).split('\n');
  for (const line of lines) {
    const [reference = '', containers] = line.split(' ');
    const isOurs = reference.startsWith('localhost/ringfort/');
    const isOld = !versions.has(reference.slice(reference.lastIndexOf(':')));
    if (isOurs && isOld && containers === '0') await podman(engine, ['rmi', reference]);
  }
}

/** Runs one Podman command on the instance's store; gives its output. */
export async function podman(engine: EngineCommand, command: readonly string[]): Promise<string> {
  const run = (): Promise<string> =>
    runCommand([...engine.command, ...command], { env: engine.environment, timeoutMs: limits.imageLoadTimeoutMs });
  try {
    return await run();
  } catch (error) {
    const mountPoint = error instanceof CommandFailure ? busyLayer.exec(error.output)?.[1] : undefined;
    if (mountPoint === undefined) throw error;
    await runCommand(['umount', '--lazy', mountPoint]);
    return run();
  }
}

/**
 * What a client leaves that died while the engine made a container: a layer marked incomplete that is still mounted, which Podman cannot
 * delete and without which it does nothing. The agent's driver detaches it likewise.
 */
const busyLayer = /unlinkat (\/[\w/-]+\/overlay\/[0-9a-f]{64}\/merged): device or resource busy/u;
