import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { z } from 'zod';

/**
 * A value that only the holder of one X25519 private key can read: HPKE base mode (RFC 9180) with DHKEM(X25519, HKDF-SHA256),
 * HKDF-SHA256 and AES-256-GCM. `encapsulated` and `ciphertext` are base64.
 */
export const Sealed = z.object({ encapsulated: z.base64(), ciphertext: z.base64() });
export type Sealed = z.infer<typeof Sealed>;

/** Seals `plain` to a public key (raw 32 bytes, base64). `context` is bound to it: opening asks for the same. */
export async function seal(
  plain: Uint8Array,
  options: { readonly publicKey: string; readonly context: string },
): Promise<Sealed> {
  const suite = cipherSuite();
  const recipientPublicKey = await suite.kem.deserializePublicKey(Buffer.from(options.publicKey, 'base64'));
  const info = Buffer.from(options.context);
  const sealed = await suite.seal({ recipientPublicKey, info }, Buffer.from(plain));
  return {
    encapsulated: Buffer.from(sealed.enc).toString('base64'),
    ciphertext: Buffer.from(sealed.ct).toString('base64'),
  };
}

/** Opens what was sealed to this private key (raw 32 bytes, base64) under the same context; rejects otherwise. */
export async function openSealed(
  sealed: Sealed,
  options: { readonly privateKey: string; readonly context: string },
): Promise<Buffer> {
  const suite = cipherSuite();
  const recipientKey = await suite.kem.deserializePrivateKey(Buffer.from(options.privateKey, 'base64'));
  const enc = Buffer.from(sealed.encapsulated, 'base64');
  const plain = await suite.open(
    { recipientKey, enc, info: Buffer.from(options.context) },
    Buffer.from(sealed.ciphertext, 'base64'),
  );
  return Buffer.from(plain);
}

/** A fresh key pair for `seal`, both halves raw and in base64. */
export async function generateSealingKeys(): Promise<{ readonly publicKey: string; readonly privateKey: string }> {
  const { kem } = cipherSuite();
  const pair = await kem.generateKeyPair();
  return {
    publicKey: Buffer.from(await kem.serializePublicKey(pair.publicKey)).toString('base64'),
    privateKey: Buffer.from(await kem.serializePrivateKey(pair.privateKey)).toString('base64'),
  };
}

function cipherSuite(): CipherSuite {
  return new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}
