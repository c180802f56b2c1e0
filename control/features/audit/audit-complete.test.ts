import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ControlContext, WriteAttempt, WriteVerb } from '../controls/control.ts';
import { auditComplete } from './audit-complete.ts';

const refused: WriteAttempt = { outcome: 'refused', code: 'RF001' };

/** What the control says of a database with the table `projects`, whose wall answers so. */
async function judge(wall: Partial<Record<WriteVerb, WriteAttempt>>, isAuditedWritten = true): Promise<string> {
  const unused = (): Promise<never> => Promise.reject(new Error('The audit log needs no probe'));
  const context: ControlContext = {
    clock: { nowMs: () => 0 },
    nonce: () => '',
    environments: [],
    probe: { attempt: unused, listeners: unused, canary: unused },
    database: {
      listTenantTables: () => Promise.resolve(['projects']),
      writeUnaudited: (_table, verb) => Promise.resolve(wall[verb] ?? refused),
      writeAudited: () => Promise.resolve(isAuditedWritten),
    },
  };
  return (await auditComplete.verify(context)).state;
}

test('auditComplete passes when every kind of write is refused and an audited one goes through', async () => {
  assert.equal(await judge({}), 'pass');
  assert.equal(await judge({ delete: { outcome: 'guarded', code: '' } }), 'pass');
});

test('auditComplete fails when one kind of write goes through, whatever the others do', async () => {
  for (const verb of ['insert', 'update', 'delete'] as const)
    assert.equal(await judge({ [verb]: { outcome: 'written', code: '' } }), 'fail');
});

test('auditComplete is unknown where nothing was tried, another reason refused, or the audited twin is refused too', async () => {
  assert.equal(await judge({ update: { outcome: 'no-row', code: '' } }), 'unknown');
  assert.equal(await judge({ insert: { outcome: 'refused', code: '23502' } }), 'unknown');
  assert.equal(await judge({}, false), 'unknown');
  const privilege: WriteAttempt = { outcome: 'refused', code: '42501' };
  assert.equal(await judge({ insert: privilege, update: privilege, delete: privilege }), 'unknown');
});
