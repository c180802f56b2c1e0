import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { openSealed, seal } from '@ringfort/contracts/sealed.ts';
import { openSigned, parsePublicKey, signJson } from '@ringfort/contracts/signed.ts';
import { z } from 'zod';

import { ensureSealingKey } from './sealing-key.ts';
import { ensureSigningKey } from './signing-key.ts';

const account = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

test('ensureSigningKey() makes a key once, closed to others, whose signatures its public half opens', async (t) => {
  const path = await keyPath(t);
  const publicKey = await ensureSigningKey(path, account);
  assert.equal(await ensureSigningKey(path, account), publicKey);
  assert.equal((await stat(path)).mode & 0o777, 0o400);
  const key = createPrivateKey(await readFile(path, 'utf8'));
  const signed = signJson({ a: 1 }, { purpose: 'edge-sites', key });
  const options = {
    purpose: 'edge-sites',
    key: parsePublicKey(publicKey),
    schema: z.object({ a: z.number() }),
  } as const;
  assert.deepEqual(openSigned(signed, options), { a: 1 });
});

test('ensureSealingKey() makes a key once, and the public half found again opens what was sealed to it', async (t) => {
  const path = await keyPath(t);
  const publicKey = await ensureSealingKey(path, account);
  assert.equal(await ensureSealingKey(path, account), publicKey);
  const sealed = await seal(Buffer.from('secret'), { publicKey, context: 'test' });
  const privateKey = (await readFile(path, 'utf8')).trim();
  assert.equal((await openSealed(sealed, { privateKey, context: 'test' })).toString(), 'secret');
});

async function keyPath(t: { after: (clean: () => Promise<void>) => void }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-keys-'));
  t.after(() => rm(folder, { recursive: true }));
  return join(folder, 'key');
}
