import './reflect-metadata.ts';

import { webcrypto } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import * as x509 from '@peculiar/x509';
import type { Clock } from '@ringfort/kit/clock.ts';

import { agentLimits as limits } from '../limits.ts';
import { findTextFile } from '../store/find-json-file.ts';
import { writeFileAtomically } from '../store/write-file-atomically.ts';
import { issueCertificate, type IssuedCertificate } from './issue-certificate.ts';
import { ecdsaP256, exportPrivateKey, importPrivateKey, serialNumber } from './web-keys.ts';

/** The internal authority: its certificate is what people trust once; with its key it issues one certificate for each host name. */
export type Authority = {
  readonly caPem: string;
  /** SHA-256 of its certificate, to tell which authority issued a certificate. */
  readonly fingerprint: string;
  readonly issue: (hostname: string) => Promise<IssuedCertificate>;
};

/** Reads `authority/{key,cert}.pem` below the agent's home, and makes them at the first call (EC P-256, ten years). */
export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  const { key, certificate } = (await readAuthority(options.home)) ?? (await makeAuthority(options));
  const fingerprint = Buffer.from(await certificate.getThumbprint('SHA-256', webcrypto)).toString('hex');
  return {
    caPem: certificate.toString('pem'),
    fingerprint,
    issue: (hostname) => issueCertificate(hostname, { issuer: { key, certificate }, nowMs: options.clock.nowMs() }),
  };
}

export type AuthorityOptions = {
  readonly home: string;
  readonly clock: Clock;
  /** Part of its name, so that people can tell the authorities of two instances apart. */
  readonly instance: string;
};

type KeyAndCertificate = { readonly key: webcrypto.CryptoKey; readonly certificate: x509.X509Certificate };

/** The certificate is written last: without it the key counts for nothing and is made again. */
async function readAuthority(home: string): Promise<KeyAndCertificate | undefined> {
  const certificatePem = await findTextFile(join(home, 'authority', 'cert.pem'));
  if (certificatePem === undefined) return undefined;
  const keyPem = await findTextFile(join(home, 'authority', 'key.pem'));
  if (keyPem === undefined)
    throw new Error(`The authority's key is missing beside its certificate in ${home}/authority`);
  return { key: await importPrivateKey(keyPem), certificate: new x509.X509Certificate(certificatePem) };
}

async function makeAuthority({ home, clock, instance }: AuthorityOptions): Promise<KeyAndCertificate> {
  const keys = await webcrypto.subtle.generateKey(ecdsaP256, true, ['sign', 'verify']);
  const notBefore = clock.nowMs() - limits.certificateBackdateMs;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: [{ O: ['Ringfort'] }, { CN: [`Ringfort authority (${instance})`] }],
      serialNumber: serialNumber(),
      notBefore: new Date(notBefore),
      notAfter: new Date(notBefore + limits.authorityLifeMs),
      keys,
      signingAlgorithm: ecdsaP256,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  await mkdir(join(home, 'authority'), { recursive: true, mode: 0o700 });
  await writeFileAtomically(join(home, 'authority', 'key.pem'), await exportPrivateKey(keys.privateKey));
  await writeFileAtomically(join(home, 'authority', 'cert.pem'), certificate.toString('pem'));
  return { key: keys.privateKey, certificate };
}
