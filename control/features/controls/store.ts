import { ControlResult } from '@ringfort/contracts/api/controls.ts';
import { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { WorkspaceSlug } from '@ringfort/contracts/names.ts';
import type { Permission } from '@ringfort/contracts/permissions.ts';
import { sql } from 'kysely';

import type { Actor } from '../../access/actor.ts';
import type { Database } from '../../db/database.ts';
import { inWorkspace, type Transaction } from '../../db/transaction.ts';
import { chainResult, chainStart, type ChainedResult } from './result-chain.ts';

/** The newest result of each control, by its id. */
export async function listNewestResults(database: Database): Promise<ReadonlyMap<string, ControlResult>> {
  const { rows } = await sql<{ result: unknown }>`select distinct on (control_id) result from ringfort.control_results
    order by control_id, sequence desc`.execute(database.kysely);
  const results = rows.map((row) => ControlResult.parse(row.result));
  return new Map(results.map((result) => [result.id, result]));
}

/** All results of one control, oldest first, as a chain that `findBrokenLink` can check. */
export async function listChain(database: Database, controlId: string): Promise<readonly ChainedResult[]> {
  const { rows } = await sql<{
    result: unknown;
    previous_hash: string;
    hash: string;
  }>`select result, previous_hash, hash
    from ringfort.control_results where control_id = ${controlId} order by sequence`.execute(database.kysely);
  return rows.map((row) => ({
    result: ControlResult.parse(row.result),
    previousHash: row.previous_hash,
    hash: row.hash,
  }));
}

/** Adds a result to its control's chain. Two controls at once cannot fork it: the second waits for the first. */
export async function addResult(database: Database, result: ControlResult): Promise<void> {
  await database.kysely.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('ringfort.control_results'), hashtext(${result.id}))`.execute(tx);
    const { rows } = await sql<{ hash: string }>`select hash from ringfort.control_results
      where control_id = ${result.id} order by sequence desc limit 1`.execute(tx);
    const link = chainResult(result, rows[0]?.hash ?? chainStart);
    await sql`insert into ringfort.control_results (control_id, state, checked_at, result, previous_hash, hash)
      values (${result.id}, ${result.state}, ${result.checkedAt}, ${JSON.stringify(result)}::jsonb,
        ${link.previousHash}, ${link.hash})`.execute(tx);
  });
}

/** When each control was last seen to be able to fail. */
export async function listProofs(database: Database): Promise<ReadonlyMap<string, Date>> {
  const { rows } = await sql<{ control_id: string; proven_at: Date }>`select control_id, max(proven_at) as proven_at
    from ringfort.control_proofs group by control_id`.execute(database.kysely);
  return new Map(rows.map((row) => [row.control_id, row.proven_at]));
}

/** Notes that a break test saw the control turn red and green again. */
export async function addProof(database: Database, proof: { readonly id: string; readonly at: Date }): Promise<void> {
  await sql`insert into ringfort.control_proofs (control_id, proven_at) values (${proof.id}, ${proof.at})
    on conflict do nothing`.execute(database.kysely);
}

/** Every workspace there is, for going through them one transaction each. */
export async function listWorkspaceIds(database: Database): Promise<readonly WorkspaceId[]> {
  const { rows } = await sql<{ id: string }>`select id from ringfort.list_workspace_ids() as id`.execute(
    database.kysely,
  );
  return rows.map((row) => WorkspaceId.parse(row.id));
}

/** The specifications of a workspace's environments that are wanted, each with what was observed of its workloads last. */
export async function listObservedSpecs(
  database: Database,
  workspaceId: WorkspaceId,
): Promise<readonly ObservedSpec[]> {
  return inWorkspace(database, { workspaceId, readOnly: true }, async (tx) => {
    const { rows } = await sql<{ spec: unknown; workloads: unknown }>`select s.spec, o.workloads
      from ringfort.environment_specs s
      join ringfort.environments e on e.workspace_id = s.workspace_id and e.id = s.environment_id
      join ringfort.environment_observations o on o.workspace_id = s.workspace_id and o.environment_id = s.environment_id
      where s.workspace_id = ${workspaceId} and e.wanted = 'present'`.execute(tx);
    return rows.map((row) => ({ spec: EnvironmentSpec.parse(row.spec), workloads: row.workloads }));
  });
}

export type ObservedSpec = { readonly spec: EnvironmentSpec; readonly workloads: unknown };

/** Makes the sandbox's workspace where it is missing, and grants the actor what a break test needs. Audited by the caller. */
export async function ensureSandboxWorkspace(tx: Transaction, grant: SandboxGrant): Promise<void> {
  await sql`insert into ringfort.workspaces (workspace_id, slug, throwaway)
    values (${grant.workspaceId}, ${grant.slug}, true) on conflict (workspace_id) do nothing`.execute(tx);
  await sql`insert into ringfort.grants (workspace_id, actor_workspace_id, actor_id, permissions)
    values (${grant.workspaceId}, ${grant.actor.homeWorkspaceId}, ${grant.actor.actorId}, ${[...grant.permissions]})
    on conflict (workspace_id, actor_id) do update set permissions = excluded.permissions`.execute(tx);
}

export type SandboxGrant = {
  readonly workspaceId: WorkspaceId;
  readonly slug: WorkspaceSlug;
  readonly actor: Actor;
  readonly permissions: readonly Permission[];
};

/** Takes the audit wall of the throw-away database down, or puts it up again. The function is in no other database. */
export async function setAuditWall(throwaway: Database, wall: 'up' | 'down'): Promise<void> {
  await sql`select ringfort_throwaway.set_audit_wall(${wall === 'up'})`.execute(throwaway.kysely);
}
