import type { ObservedEnvironment } from '@ringfort/contracts/agent-requests.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import type { Hostname } from '@ringfort/contracts/names.ts';

import type { LoadedSnapshot } from '../edge-snapshots/newest-snapshot.ts';
import type { AgentMemory } from './agent-memory.ts';
import type { EdgeSeen } from './next-switch-step.ts';

/** What there is outside the database, as it was seen at the beginning of one round. */
export type World = {
  readonly nowMs: number;
  /** When this control began to work. */
  readonly sinceMs: number;
  readonly agentAnswers: boolean;
  readonly observed: ReadonlyMap<EnvironmentId, ObservedEnvironment>;
  readonly snapshot: LoadedSnapshot | undefined;
  readonly edges: readonly EdgeSeen[];
  readonly memory: AgentMemory;
  readonly appsDomain: Hostname;
  readonly newId: () => string;
};
