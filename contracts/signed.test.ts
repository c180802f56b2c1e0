import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';

import { z } from 'zod';

import { openSigned, parsePublicKey, signJson } from './signed.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const schema = z.object({ a: z.number() });

test('openSigned() gives what was signed, to the key and for the purpose it was signed for', () => {
  const signed = signJson({ a: 1 }, { purpose: 'endpoint', key: privateKey });
  assert.deepEqual(openSigned(signed, { purpose: 'endpoint', key: publicKey, schema }), { a: 1 });
  const stranger = generateKeyPairSync('ed25519').publicKey;
  assert.equal(openSigned(signed, { purpose: 'edge-sites', key: publicKey, schema }), undefined);
  assert.equal(openSigned(signed, { purpose: 'endpoint', key: stranger, schema }), undefined);
});

test('openSigned() refuses a changed text and a signature of another form', () => {
  const signed = signJson({ a: 1 }, { purpose: 'endpoint', key: privateKey });
  const options = { purpose: 'endpoint', key: publicKey, schema } as const;
  assert.equal(openSigned({ ...signed, text: '{"a":2}' }, options), undefined);
  assert.equal(openSigned({ ...signed, signature: '' }, options), undefined);
});

test('parsePublicKey() refuses a key of another kind', () => {
  const { publicKey: other } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  assert.throws(
    () => parsePublicKey(other.export({ format: 'der', type: 'spki' }).toString('base64')),
    /not an Ed25519 key/,
  );
});
