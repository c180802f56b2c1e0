import { randomBytes } from 'node:crypto';

import { api } from '@ringfort/contracts/api/api.ts';
import { ActorId, type WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import type { Permission } from '@ringfort/contracts/permissions.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import type { Actor } from '../../access/actor.ts';
import { createTokenText, digestToken } from '../../access/authenticate.ts';
import { operation } from '../../operation.ts';
import { insertGrant } from '../workspaces/store.ts';
import { insertActor, insertToken } from './store.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Makes a token with an actor of its own, so that the audit log tells which token did what. It reaches this workspace alone and is
 * allowed nothing that its maker is not.
 */
export const createToken = operation(api.createToken, {
  answerIsSecret: true,
  run: async ({ tx, actor, workspaceId, input, newId, clock }) => {
    const { name, expiresInDays } = input.body;
    const permissions = [...new Set(input.body.permissions)];
    refuseMoreThanOwn(actor, workspaceId, permissions);
    const text = createTokenText(randomBytes);
    const expiresAt = new Date(clock.nowMs() + expiresInDays * dayMs);
    const actorId = ActorId.parse(newId());
    const id = newId();
    await insertActor(tx, { workspaceId, actorId, name, kind: 'token' });
    await insertGrant(tx, { workspaceId, homeWorkspaceId: workspaceId, actorId, permissions });
    const createdAt = await insertToken(tx, { workspaceId, id, actorId, name, sha256: digestToken(text), expiresAt });
    const shown = { id, actorId, name, permissions, expiresAt: expiresAt.toISOString() };
    return {
      subject: name,
      after: shown,
      answer: { ...shown, createdAt: createdAt.toISOString(), lastUsedAt: null, token: text },
    };
  },
});

function refuseMoreThanOwn(actor: Actor, workspaceId: WorkspaceId, wanted: readonly Permission[]): void {
  const own = actor.grants.find((grant) => grant.workspaceId === workspaceId)?.permissions ?? [];
  const missing = wanted.filter((permission) => !own.includes(permission));
  if (missing.length === 0) return;
  const names = missing.map((permission) => `“${permission}”`).join(', ');
  throw new Problem('permission-denied', `Nobody can grant more than they have in this workspace: ${names}.`);
}
