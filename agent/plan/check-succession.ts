import { isDeepStrictEqual } from 'node:util';

import type { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

/**
 * Whether a specification may follow the one that is there: never an older one (`spec-stale`), never another one under the same number,
 * and what was settled when the environment was made stays (`state-conflict`).
 */
export function checkSuccession(next: EnvironmentSpec, current: EnvironmentSpec): void {
  const isSame = next.generation === current.generation && isDeepStrictEqual(next, current);
  if (isSame) return;
  if (next.generation <= current.generation) {
    const detail = `Generation ${current.generation} of environment ${current.environmentId} was applied before; ${next.generation} came.`;
    throw new Problem('spec-stale', detail);
  }
  if (current.state === 'removed' && next.state === 'present') {
    throw new Problem('state-conflict', `Environment ${current.environmentId} was removed. Make a new one.`);
  }
  for (const name of ['workspaceId', 'projectId', 'throwaway'] as const) {
    if (next[name] === current[name]) continue;
    throw new Problem('state-conflict', `“${name}” of environment ${current.environmentId} cannot change.`);
  }
}
