import assert from 'node:assert/strict';
import { test } from 'node:test';

import { generateSealingKeys, openSealed, seal } from './sealed.ts';

test('openSealed() gives what was sealed to the key under the same context', async () => {
  const { publicKey, privateKey } = await generateSealingKeys();
  const sealed = await seal(Buffer.from('secret'), { publicKey, context: 'tls-key:a' });
  assert.equal((await openSealed(sealed, { privateKey, context: 'tls-key:a' })).toString(), 'secret');
});

test('openSealed() rejects another context, another key and a changed text', async () => {
  const { publicKey, privateKey } = await generateSealingKeys();
  const other = await generateSealingKeys();
  const sealed = await seal(Buffer.from('secret'), { publicKey, context: 'tls-key:a' });
  const flipped = Buffer.from(sealed.ciphertext, 'base64').map((byte, index) => (index === 0 ? byte ^ 1 : byte));
  await assert.rejects(openSealed(sealed, { privateKey, context: 'tls-key:b' }));
  await assert.rejects(openSealed(sealed, { privateKey: other.privateKey, context: 'tls-key:a' }));
  await assert.rejects(
    openSealed(
      { ...sealed, ciphertext: Buffer.from(flipped).toString('base64') },
      { privateKey, context: 'tls-key:a' },
    ),
  );
});
