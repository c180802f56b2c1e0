import assert from 'node:assert/strict';
import { test } from 'node:test';

import { api } from '@ringfort/contracts/api/api.ts';
import { ActorId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { WorkspaceSlug } from '@ringfort/contracts/names.ts';
import { Permission } from '@ringfort/contracts/permissions.ts';

import type { Actor } from './actor.ts';
import { authorize } from './authorize.ts';

const home = WorkspaceId.parse('01a20000-0000-7000-8000-000000000001');
const other = WorkspaceId.parse('01a20000-0000-7000-8000-000000000002');

function actorWith(permissions: readonly Permission[], platformPermissions: readonly Permission[] = []): Actor {
  const slug = WorkspaceSlug.parse('other');
  return {
    tokenId: home,
    actorId: ActorId.parse(home),
    name: 'ci',
    homeWorkspaceId: home,
    platformPermissions: [...platformPermissions],
    grants: [{ workspaceId: other, slug, createdAt: '2026-01-01T00:00:00.000Z', permissions: [...permissions] }],
  };
}

test('authorize() allows what the grant in the named workspace holds', () => {
  const verdict = authorize(actorWith(['project:create']), api.createProject, { workspace: 'other' });
  assert.deepEqual(verdict, { allowed: true, workspaceId: other });
});

test('authorize() gives every single permission for its own routes only', () => {
  for (const route of Object.values(api)) {
    if (route.needs === 'public' || route.needs === 'signed-in') continue;
    const params: Record<string, string> = route.path.includes(':workspace') ? { workspace: 'other' } : {};
    for (const permission of Permission.options) {
      const platform = actorWith([], [permission]);
      const actor = route.path.includes(':workspace') ? actorWith([permission]) : platform;
      assert.equal(authorize(actor, route, params).allowed, permission === route.needs, `${route.name} ${permission}`);
    }
  }
});

test('authorize() finds no workspace without a grant in it, not even to an actor who may do everything elsewhere', () => {
  const verdict = authorize(actorWith(Permission.options, Permission.options), api.createProject, {
    workspace: 'main',
  });
  assert.ok(!verdict.allowed);
  assert.equal(verdict.problem.code, 'not-found');
  assert.equal(verdict.workspaceId, home, 'recorded where the actor belongs');
});

test('authorize() does not take a workspace’s permission for the platform’s, nor the other way round', () => {
  assert.equal(authorize(actorWith(['workspace:create']), api.createWorkspace, {}).allowed, false);
  assert.equal(authorize(actorWith([], ['project:create']), api.createProject, { workspace: 'other' }).allowed, false);
});

test('authorize() is not led astray by names that every object has', () => {
  for (const workspace of ['__proto__', 'constructor', 'toString', '']) {
    assert.equal(authorize(actorWith(Permission.options), api.createProject, { workspace }).allowed, false, workspace);
  }
});
