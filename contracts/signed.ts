import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

import { z } from 'zod';

/** What a signature is for. It is signed together with the text, so that one kind of statement cannot pass for another. */
export type SignedPurpose =
  | 'edge-sites'
  | 'endpoint'
  | 'probe-transcript'
  | 'fetch-transcript'
  | 'exec-ticket'
  | 'sealing-key';

/** A JSON text with its Ed25519 signature (RFC 8032). The text is kept as it was signed: nothing is serialised twice. */
export const Signed = z.object({
  text: z.string().max(8 * 1024 * 1024),
  signature: z.base64(),
});
export type Signed = z.infer<typeof Signed>;

/** Signs `value` as JSON for one purpose with an Ed25519 private key. */
export function signJson(
  value: unknown,
  options: { readonly purpose: SignedPurpose; readonly key: KeyObject },
): Signed {
  const text = JSON.stringify(value);
  return { text, signature: sign(null, signedBytes(text, options.purpose), options.key).toString('base64') };
}

/**
 * The value inside, parsed with `schema`; undefined when the signature is not by `key` for this purpose. A value of the wrong form
 * under a good signature throws: that is a bug of the signer, not an attack.
 */
export function openSigned<T>(signed: Signed, options: OpenOptions<T>): T | undefined {
  const bytes = signedBytes(signed.text, options.purpose);
  if (!verify(null, bytes, options.key, Buffer.from(signed.signature, 'base64'))) return undefined;
  return options.schema.parse(JSON.parse(signed.text));
}

export type OpenOptions<T> = {
  readonly purpose: SignedPurpose;
  readonly key: KeyObject;
  readonly schema: z.ZodType<T>;
};

/** Reads an Ed25519 public key from its base64 of the SPKI form (RFC 8410); throws on another kind of key. */
export function parsePublicKey(base64: string): KeyObject {
  const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('The key is not an Ed25519 key');
  return key;
}

function signedBytes(text: string, purpose: SignedPurpose): Buffer {
  return Buffer.from(`ringfort/${purpose}/v1\0${text}`);
}
