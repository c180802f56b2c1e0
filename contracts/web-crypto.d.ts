import type { webcrypto } from 'node:crypto';

/** The names of Web Cryptography that `@hpke/core` takes from a browser's types; Node has them under `webcrypto`. */
declare global {
  type CryptoKey = webcrypto.CryptoKey;
  type CryptoKeyPair = webcrypto.CryptoKeyPair;
  type JsonWebKey = webcrypto.JsonWebKey;
  type KeyUsage = webcrypto.KeyUsage;
  type SubtleCrypto = webcrypto.SubtleCrypto;
}
