import type { ReleaseId } from '@ringfort/contracts/identifiers.ts';

import type { EnvironmentProgress } from '../environment-specs/environment-state.ts';
import type { SwitchAction } from './next-switch-step.ts';

/** The environment with the candidate in service; what was active drains. The edges are to be told next. */
export function switchTo(progress: EnvironmentProgress, releaseId: ReleaseId): EnvironmentProgress {
  return {
    ...progress,
    ...untold,
    activeReleaseId: releaseId,
    candidateReleaseId: null,
    drainingReleaseId: progress.activeReleaseId,
  };
}

/** Traffic goes back to where it was, because not every edge followed; the release that failed drains. */
export function switchBack(progress: EnvironmentProgress): EnvironmentProgress {
  const { activeReleaseId, drainingReleaseId } = progress;
  return { ...progress, ...untold, activeReleaseId: drainingReleaseId, drainingReleaseId: activeReleaseId };
}

/** The environment is wanted no more: the edges are told to forget it, then the agent takes it away. */
export function withdraw(progress: EnvironmentProgress): EnvironmentProgress {
  return { ...progress, ...untold, withdrawing: true };
}

/** The environment after a step of `nextSwitchStep`. */
export function takeSwitchStep(
  progress: EnvironmentProgress,
  action: SwitchAction,
  nowMs: number,
): EnvironmentProgress {
  switch (action.type) {
    case 'rest':
    case 'wait':
      return progress;
    case 'record-version':
      return { ...progress, switchVersion: action.version };
    case 'acknowledge':
      return { ...progress, switchAcknowledgedAtMs: nowMs };
    case 'drop':
      if (!progress.withdrawing) return { ...progress, drainingReleaseId: null };
      return {
        ...progress,
        activeReleaseId: null,
        candidateReleaseId: null,
        drainingReleaseId: null,
        withdrawnAtMs: nowMs,
      };
  }
  return action satisfies never;
}

const untold = { switchVersion: null, switchAcknowledgedAtMs: null } as const;
