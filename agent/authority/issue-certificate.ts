import './reflect-metadata.ts';

import { webcrypto } from 'node:crypto';

import * as x509 from '@peculiar/x509';

import { agentLimits as limits } from '../limits.ts';
import { ecdsaP256, exportPrivateKey, serialNumber } from './web-keys.ts';

export type IssuedCertificate = {
  /** Leaf first, then the authority's own, PEM. */
  readonly chainPem: string;
  /** PKCS #8 PEM. To be sealed at once and forgotten. */
  readonly keyPem: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
};

/** A server certificate for one host name with a fresh key. */
export async function issueCertificate(hostname: string, { issuer, nowMs }: IssueOptions): Promise<IssuedCertificate> {
  const keys = await webcrypto.subtle.generateKey(ecdsaP256, true, ['sign', 'verify']);
  const notBeforeMs = wholeSeconds(nowMs - limits.certificateBackdateMs);
  const notAfterMs = notBeforeMs + limits.certificateLifeMs;
  const leaf = await x509.X509CertificateGenerator.create(
    {
      // The subject stays empty, for a common name has 64 characters at most; so the alternative name is critical (RFC 5280 §4.2.1.6).
      subject: '',
      issuer: issuer.certificate.subjectName,
      serialNumber: serialNumber(),
      notBefore: new Date(notBeforeMs),
      notAfter: new Date(notAfterMs),
      publicKey: keys.publicKey,
      signingKey: issuer.key,
      signingAlgorithm: ecdsaP256,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }], true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate, false, webcrypto),
      ],
    },
    webcrypto,
  );
  const chainPem = `${leaf.toString('pem')}\n${issuer.certificate.toString('pem')}\n`;
  return { chainPem, keyPem: await exportPrivateKey(keys.privateKey), notBeforeMs, notAfterMs };
}

export type IssueOptions = {
  readonly issuer: { readonly key: webcrypto.CryptoKey; readonly certificate: x509.X509Certificate };
  readonly nowMs: number;
};

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}
