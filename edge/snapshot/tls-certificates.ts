import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';

import type { EdgeCertificate } from '@ringfort/contracts/edge-snapshot.ts';
import { openSealed } from '@ringfort/contracts/sealed.ts';
import type { Log } from '@ringfort/kit/log.ts';

import { tlsParameters } from '../tls-parameters.ts';

/** The secure contexts by host name. `source` tells whether a later snapshot brings the same certificate again. */
export type TlsCertificates = ReadonlyMap<string, OpenCertificate>;
export type OpenCertificate = { readonly context: SecureContext; readonly source: string };

/**
 * Opens the certificates of a snapshot. Unchanged ones are taken over from `previous`, because making a secure context is dear.
 * One that cannot be used (a key that does not open or belong to it, a chain for another host) is logged and left out, or the
 * host's previous one is kept: it must not take other hosts down.
 */
export async function openCertificates(
  certificates: readonly EdgeCertificate[],
  options: OpenCertificatesOptions,
): Promise<TlsCertificates> {
  const opened = new Map<string, OpenCertificate>();
  for (const certificate of certificates) {
    const previous = options.previous.get(certificate.hostname);
    const usable = await openOrKeep(certificate, previous, options);
    if (usable !== undefined) opened.set(certificate.hostname, usable);
  }
  return opened;
}

export type OpenCertificatesOptions = {
  readonly sealingPrivateKey: string;
  readonly previous: TlsCertificates;
  readonly log: Log;
};

async function openOrKeep(
  certificate: EdgeCertificate,
  previous: OpenCertificate | undefined,
  options: OpenCertificatesOptions,
): Promise<OpenCertificate | undefined> {
  const source = `${certificate.chainPem}\n${certificate.sealedKey.encapsulated}\n${certificate.sealedKey.ciphertext}`;
  if (previous?.source === source) return previous;
  try {
    return { context: await openCertificate(certificate, options.sealingPrivateKey), source };
  } catch (error) {
    const { hostname } = certificate;
    options.log.error('The certificate of a host cannot be used', { hostname, kept: previous !== undefined, error });
    return previous;
  }
}

async function openCertificate(certificate: EdgeCertificate, privateKey: string): Promise<SecureContext> {
  const context = `tls-key:${certificate.hostname}`;
  const key = await openSealed(certificate.sealedKey, { privateKey, context });
  const leaf = new X509Certificate(certificate.chainPem);
  if (leaf.checkHost(certificate.hostname) === undefined) {
    throw new Error(
      `The certificate is not for ${certificate.hostname} but for ${leaf.subjectAltName ?? leaf.subject}`,
    );
  }
  if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error('The key is not the certificate’s');
  return createSecureContext({ ...tlsParameters, cert: certificate.chainPem, key });
}
