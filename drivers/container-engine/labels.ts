import { createHash } from 'node:crypto';

import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';

/** What the driver writes on the engine's things, so that it finds them again without a memory of its own. */
export const labels = {
  instance: 'ringfort.instance',
  environment: 'ringfort.environment',
  /** `pause` or `main` of a workload; `build-pause` or `build` of a build. */
  role: 'ringfort.role',
  key: 'ringfort.key',
  digest: 'ringfort.digest',
  /** The workload as `WorkloadRef`, in JSON. */
  ref: 'ringfort.ref',
  /** `true` for environments that the injector of break tests may act on. */
  throwaway: 'ringfort.throwaway',
  build: 'ringfort.build',
} as const;

export type Role = 'pause' | 'main' | 'build-pause' | 'build';

/** The engine's name of a workload's container. Keys hold characters that names may not, so they go in as a digest. */
export function containerName(options: {
  readonly environmentId: EnvironmentId;
  readonly key: string;
  readonly role: Role;
}): string {
  return `${options.environmentId}-${shortDigest(options.key)}-${options.role}`;
}

/** The engine's name of an environment's network. */
export function networkName(instance: string, environmentId: EnvironmentId): string {
  return `ringfort-${instance}-${environmentId}`;
}

/** The first 16 hexadecimal digits of SHA-256: for names, not for secrets. */
export function shortDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
