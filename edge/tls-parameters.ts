import { constants } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';

/**
 * Mozilla's "intermediate" recommendation (Server Side TLS 5.8, 2025): TLS 1.2 and 1.3, forward secrecy and authenticated ciphers
 * alone, the hybrid post-quantum group first. Renegotiation, which TLS 1.3 no longer knows, is refused in 1.2 too. No session is
 * resumed: a resumed one can belong to another host than it is resumed for (as in CVE-2025-23419), in TLS 1.2 it hides which,
 * and a whole handshake with an elliptic-curve key is cheap.
 */
export const tlsParameters: SecureContextOptions = {
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.3',
  ciphers: [
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES128-GCM-SHA256',
    'ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-ECDSA-CHACHA20-POLY1305',
    'ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
  ecdhCurve: 'X25519MLKEM768:X25519:prime256v1:secp384r1',
  honorCipherOrder: false,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_TICKET,
};
