import type { ReleaseId } from '@ringfort/contracts/identifiers.ts';

import { deploymentLimits as limits } from './limits.ts';

/**
 * What to do next with the newest change of traffic in an environment. A release leaves the specification, and so its addresses become
 * free, only when every live edge has said that it serves a snapshot without it, and open requests have had time to end. The same
 * holds for the whole environment when it is deleted.
 */
export function nextSwitchStep(facts: SwitchFacts): SwitchAction {
  if (facts.acknowledgedAtMs !== null) {
    if (!facts.drains) return { type: 'rest' };
    return facts.nowMs - facts.acknowledgedAtMs < limits.drainingMs ? { type: 'wait', edges: [] } : { type: 'drop' };
  }
  const served = facts.snapshot;
  if (served === undefined || !isServed(facts)) return { type: 'wait', edges: [] };
  if (facts.version === null) return { type: 'record-version', version: served.version };
  const edges = silentEdges(facts, facts.version);
  return edges.length === 0 ? { type: 'acknowledge' } : { type: 'wait', edges };
}

export type SwitchAction =
  | { readonly type: 'rest' }
  | { readonly type: 'wait'; readonly edges: readonly string[] }
  | { readonly type: 'record-version'; readonly version: number }
  | { readonly type: 'acknowledge' }
  | { readonly type: 'drop' };

export type SwitchFacts = {
  readonly nowMs: number;
  /** When this control began to listen to edges: before that, it could not have heard them. */
  readonly listeningSinceMs: number;
  /** What the snapshot has to name for the environment; undefined: it must not name the environment at all. */
  readonly wantedSite: { readonly releaseId: ReleaseId | null } | undefined;
  /** The newest snapshot and what it names for the environment. */
  readonly snapshot:
    | { readonly version: number; readonly site: { readonly releaseId: ReleaseId | null } | undefined }
    | undefined;
  /** The first version that named it. */
  readonly version: number | null;
  readonly acknowledgedAtMs: number | null;
  /** Whether something is to be dropped afterwards. */
  readonly drains: boolean;
  readonly edges: readonly EdgeSeen[];
};

export type EdgeSeen = { readonly edgeId: string; readonly lastSeenAtMs: number; readonly ackedVersion: number };

function isServed({ snapshot, wantedSite }: SwitchFacts): boolean {
  if (wantedSite === undefined || snapshot?.site === undefined) return wantedSite === snapshot?.site;
  return snapshot.site.releaseId === wantedSite.releaseId;
}

/**
 * The edges that run and serve an older version. One that has been silent for 30 s counts as gone: when it comes back, its first poll
 * brings it up to date, and the agent lets addresses rest for long enough.
 */
function silentEdges({ edges, nowMs, listeningSinceMs }: SwitchFacts, version: number): readonly string[] {
  return edges
    .filter((edge) => nowMs - Math.max(edge.lastSeenAtMs, listeningSinceMs) < limits.edgeSilenceMsMax)
    .filter((edge) => edge.ackedVersion < version)
    .map((edge) => edge.edgeId);
}
