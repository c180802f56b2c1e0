import { Problem } from '@ringfort/contracts/problem.ts';

import type { AgentClient } from '../../agent-client.ts';
import type { Database } from '../../db/database.ts';
import { inWorkspace } from '../../db/transaction.ts';
import { findSpec } from '../environment-specs/store.ts';
import type { AgentMemory } from './agent-memory.ts';
import type { UnsentSpec } from './reconcile-workspace.ts';

/**
 * Sends an environment's newest specification to the agent and remembers what it said. Rejects when the agent does not answer; a refusal
 * is remembered and told by the environment's deployment.
 */
export async function sendSpec({ workspaceId, environmentId }: UnsentSpec, options: SendOptions): Promise<void> {
  const { agent, database, memory } = options;
  const spec = await inWorkspace(database, { workspaceId, readOnly: true }, (tx) => findSpec(tx, environmentId));
  if (spec === undefined) return;
  const { generation } = spec;
  try {
    await agent.applySpec(spec);
    memory.taken.set(environmentId, generation);
    memory.refused.delete(environmentId);
  } catch (error) {
    if (!(error instanceof Problem) || !refusals.has(error.code)) throw error;
    // What was removed before stays removed, whatever the agent calls it.
    if (spec.state === 'removed') memory.taken.set(environmentId, generation);
    else if (error.code === 'spec-stale') memory.ahead.set(environmentId, generation + 1);
    else memory.refused.set(environmentId, { generation, detail: error.detail });
  }
}

export type SendOptions = {
  readonly agent: AgentClient;
  /** As the reconcilers' role. */
  readonly database: Database;
  readonly memory: AgentMemory;
};

const refusals: ReadonlySet<string> = new Set(['spec-stale', 'input-invalid', 'state-conflict', 'not-found']);
