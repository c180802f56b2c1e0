import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { connect, createServer } from 'node:tls';

import { Hostname } from '@ringfort/contracts/names.ts';
import { generateSealingKeys, openSealed } from '@ringfort/contracts/sealed.ts';
import { parsePublicKey } from '@ringfort/contracts/signed.ts';
import { systemClock } from '@ringfort/kit/clock.ts';

import { openAgentKey } from './agent-key.ts';
import { openAuthority } from './authority.ts';
import { noCertificates, renewCertificates } from './renew-certificates.ts';

const dayMs = 24 * 60 * 60_000;
const hostname = Hostname.parse('guestbook-staging.localhost');

test('openAuthority() issues certificates that a client who trusts it takes, for their own host name alone', async (context) => {
  const authority = await openAuthority({ home: await makeHome(context), instance: 'test', clock: systemClock });
  const other = await openAuthority({ home: await makeHome(context), instance: 'other', clock: systemClock });
  const { chainPem, keyPem } = await authority.issue(hostname);
  const server = createServer({ cert: chainPem, key: keyPem });
  server.on('tlsClientError', () => {});
  context.after(() => void server.close());
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const shake = async (servername: string, ca: string): Promise<boolean> => {
    const socket = connect({ port: address.port, host: '127.0.0.1', servername, ca });
    context.after(() => socket.destroy());
    await once(socket, 'secureConnect');
    return socket.authorized;
  };
  assert.equal(await shake(hostname, authority.caPem), true);
  await assert.rejects(shake('other.localhost', authority.caPem), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  await assert.rejects(shake(hostname, other.caPem), { code: 'SELF_SIGNED_CERT_IN_CHAIN' });
});

test('openAuthority() makes an authority that can sign no further authority, and finds it again', async (context) => {
  const home = await makeHome(context);
  const made = await openAuthority({ home, instance: 'test', clock: systemClock });
  const found = await openAuthority({ home, instance: 'test', clock: systemClock });
  assert.equal(found.caPem, made.caPem);
  assert.equal(found.fingerprint, made.fingerprint);
  const root = new X509Certificate(made.caPem);
  const leaf = new X509Certificate((await found.issue(hostname)).chainPem);
  assert.deepEqual([root.ca, leaf.ca, leaf.subjectAltName], [true, false, `DNS:${hostname}`]);
  assert.equal(leaf.verify(root.publicKey) && leaf.checkIssued(root), true);
  assert.equal((await stat(join(home, 'authority', 'key.pem'))).mode & 0o777, 0o600);
});

test('openAgentKey() makes one key and keeps it for its owner alone', async (context) => {
  const home = await makeHome(context);
  const made = await openAgentKey(home);
  assert.equal((await openAgentKey(home)).verifyKey, made.verifyKey);
  assert.equal(parsePublicKey(made.verifyKey).asymmetricKeyType, 'ed25519');
  assert.equal((await stat(join(home, 'keys', 'agent.key'))).mode & 0o777, 0o600);
});

test('renewCertificates() seals each key to the edge, for its host name', async (context) => {
  const { options, edge } = await makeOptions(context);
  const kept = await renewCertificates([hostname], noCertificates, options);
  const certificate = kept.certificates[0]?.certificate;
  assert.ok(certificate);
  const context1 = { privateKey: edge.privateKey, context: `tls-key:${hostname}` };
  assert.match((await openSealed(certificate.sealedKey, context1)).toString(), /^-----BEGIN PRIVATE KEY-----/);
  await assert.rejects(openSealed(certificate.sealedKey, { ...context1, context: 'tls-key:other.localhost' }));
});

test('renewCertificates() keeps a certificate for two thirds of its life, then makes a new one', async (context) => {
  const { options } = await makeOptions(context);
  const first = await renewCertificates([hostname], noCertificates, options);
  const later = (days: number): typeof options => ({ ...options, nowMs: options.nowMs + days * dayMs });
  assert.equal(await renewCertificates([hostname], first, later(59)), first);
  assert.notEqual(await renewCertificates([hostname], first, later(60)), first);
});

test('renewCertificates() makes a new one for another edge key or authority, and drops what is not wanted', async (context) => {
  const { options } = await makeOptions(context);
  const first = await renewCertificates([hostname], noCertificates, options);
  const { publicKey: edgeSealingKey } = await generateSealingKeys();
  assert.notEqual(await renewCertificates([hostname], first, { ...options, edgeSealingKey }), first);
  const other = await makeOptions(context);
  assert.notEqual(
    await renewCertificates([hostname], first, { ...options, authority: other.options.authority }),
    first,
  );
  const second = await renewCertificates([hostname, Hostname.parse('a.example.org')], first, options);
  assert.deepEqual([second.certificates.length, second.certificates[0]], [2, first.certificates[0]]);
  assert.deepEqual(await renewCertificates([], second, options), noCertificates);
});

async function makeOptions(context: TestContext): Promise<Made> {
  const edge = await generateSealingKeys();
  const clock = { nowMs: () => Date.parse('2026-01-01T00:00:00.000Z') };
  const authority = await openAuthority({ home: await makeHome(context), instance: 'test', clock });
  return { edge, options: { authority, edgeSealingKey: edge.publicKey, nowMs: clock.nowMs() } };
}

type Made = {
  readonly edge: Awaited<ReturnType<typeof generateSealingKeys>>;
  readonly options: Parameters<typeof renewCertificates>[2];
};

async function makeHome(context: TestContext): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'ringfort-authority-'));
  context.after(() => rm(home, { recursive: true, force: true }));
  return home;
}
