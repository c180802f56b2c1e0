import { runProgram } from './run-program.ts';

/** How Podman says that it cannot delete a layer that is still mounted. */
const busyLayer = /unlinkat (\/[\w/-]+\/overlay\/[0-9a-f]{64}\/merged): device or resource busy/u;

/**
 * A client that dies while the engine makes a container leaves a layer that is marked incomplete and is still mounted; from then on
 * the engine refuses everything, because it cannot delete it. Detaches what the refusal names, so that the next call succeeds.
 */
export async function releaseHalfLayer(refusal: string): Promise<void> {
  const mountPoint = busyLayer.exec(refusal)?.[1];
  if (mountPoint !== undefined) await runProgram(['umount', '--lazy', mountPoint]);
}
