import { sql } from 'kysely';

import type { ProjectId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { ProjectSlug } from '@ringfort/contracts/names.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import type { Transaction } from '../../db/transaction.ts';
import type { Paging } from '../../paging.ts';

export type Project = {
  readonly workspace_id: WorkspaceId;
  readonly id: ProjectId;
  readonly slug: ProjectSlug;
  readonly created_at: Date;
};

export type ProjectKey = { readonly workspaceId: WorkspaceId; readonly project: ProjectSlug };

/** A project of the workspace by its name. Throws the Problem `not-found`. */
export async function getProject(tx: Transaction, key: ProjectKey): Promise<Project> {
  const row = await tx
    .selectFrom('projects')
    .selectAll()
    .where('workspace_id', '=', key.workspaceId)
    .where('slug', '=', key.project)
    .executeTakeFirst();
  if (row === undefined) throw new Problem('not-found', `There is no project “${key.project}” in this workspace.`);
  return row;
}

/** The same, and nobody else changes what belongs to it until the transaction ends. */
export async function lockProject(tx: Transaction, key: ProjectKey): Promise<Project> {
  const { id } = await getProject(tx, key);
  const row = await tx.selectFrom('projects').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (row === undefined) throw new Problem('not-found', `There is no project “${key.project}” in this workspace.`);
  return row;
}

/** Adds a project. The caller translates a violation of `projects_slug_unique`. */
export async function insertProject(tx: Transaction, project: Omit<Project, 'created_at'>): Promise<Project> {
  return tx.insertInto('projects').values(project).returningAll().executeTakeFirstOrThrow();
}

/** The projects of a workspace by name. */
export async function listProjectRows(tx: Transaction, workspaceId: WorkspaceId, paging: Paging): Promise<Project[]> {
  let rows = tx
    .selectFrom('projects')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('slug')
    .limit(paging.limit + 1);
  if (paging.afterKey !== undefined) rows = rows.where(sql<boolean>`slug > ${paging.afterKey}`);
  return rows.execute();
}

/** Removes a project with the tombstones of its environments. */
export async function removeProject(tx: Transaction, project: Project): Promise<void> {
  await tx
    .deleteFrom('projects')
    .where('workspace_id', '=', project.workspace_id)
    .where('id', '=', project.id)
    .execute();
}
