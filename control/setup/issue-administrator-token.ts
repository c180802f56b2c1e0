import { ActorId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { WorkspaceSlug } from '@ringfort/contracts/names.ts';

import { createTokenText, digestToken } from '../access/authenticate.ts';
import { platformPermissions, workspacePermissions } from '../access/permission-scopes.ts';
import { completeAllowed, recordAllowed } from '../db/audit-log.ts';
import type { Database } from '../db/database.ts';
import { enterWorkspace, inWorkspace, type Transaction } from '../db/transaction.ts';
import { insertActor, insertToken } from '../features/tokens/store.ts';
import { insertGrant, insertWorkspace } from '../features/workspaces/store.ts';
import { type Administrator, findAdministrator, grantPlatform, revokeAll } from './store.ts';

/**
 * Gives the administrator a fresh token, without an end, and revokes the ones before it. The first time it makes the administrator and
 * the workspace `main` as well. Runs as the owner of the database, so whoever may start it owns the platform already.
 */
export async function issueAdministratorToken(owner: Database, tools: IssueTools): Promise<string> {
  const text = createTokenText(tools.random);
  const workspaceId = WorkspaceId.parse(tools.newId());
  await inWorkspace(owner, { workspaceId }, async (tx) => {
    const known = await findAdministrator(tx);
    const administrator = known ?? { workspaceId, actorId: ActorId.parse(tools.newId()) };
    await enterWorkspace(tx, administrator);
    const event = { id: tools.newId(), actorId: null, requestId: null, action: 'administrator.issue-token' };
    await recordAllowed(tx, event);
    if (known === undefined) await makeAdministrator(tx, administrator);
    await revokeAll(tx, administrator.actorId, new Date(tools.nowMs));
    const token = { ...administrator, id: tools.newId(), name: 'administrator', sha256: digestToken(text) };
    await insertToken(tx, { ...token, expiresAt: null });
    await completeAllowed(tx, { id: event.id, subject: 'administrator', after: { tokenId: token.id } });
  });
  return text;
}

export type IssueTools = {
  readonly random: (sizeBytes: number) => Uint8Array;
  readonly newId: () => string;
  readonly nowMs: number;
};

async function makeAdministrator(tx: Transaction, { workspaceId, actorId }: Administrator): Promise<void> {
  await insertWorkspace(tx, { workspaceId, slug: WorkspaceSlug.parse('main') });
  await insertActor(tx, { workspaceId, actorId, name: 'administrator', kind: 'administrator' });
  const grant = { workspaceId, homeWorkspaceId: workspaceId, actorId };
  await insertGrant(tx, { ...grant, permissions: workspacePermissions });
  await grantPlatform(tx, { workspaceId, actorId }, platformPermissions);
}
