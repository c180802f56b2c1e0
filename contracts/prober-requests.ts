import { z } from 'zod';

import { Signed } from './signed.ts';

/**
 * What the prober takes on its socket, as `POST /v1/<name>` with JSON: `probe` (a `ProbeRequest` for the agent) and `fetch` answer with a
 * signed transcript, `observe` passes the agent's `ObserveAnswer` on as it is.
 */
export const proberRequestNames = ['probe', 'fetch', 'observe'] as const;
export type ProberRequestName = (typeof proberRequestNames)[number];

/** Answer of `probe` (purpose `probe-transcript`) and of `fetch` (purpose `fetch-transcript`). */
export const TranscriptAnswer = z.strictObject({ transcript: Signed });
export type TranscriptAnswer = z.infer<typeof TranscriptAnswer>;

/** A look from outside, as a browser would take it: GET of a platform address by HTTP or HTTPS, following nothing. */
export const FetchRequest = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2_048),
  /** Where to connect, whatever the host name in `url` resolves to; the name is still sent (Host, SNI) and checked. */
  address: z.union([z.ipv4(), z.ipv6()]),
  port: z.number().int().min(1).max(65_535),
  /** The only authority to trust, as PEM; left out: those that Node brings along. */
  caPem: z.string().max(65_536).optional(),
  timeoutMs: z.number().int().min(50).max(10_000).default(3_000),
});
export type FetchRequest = z.infer<typeof FetchRequest>;

/** `untrusted`: something answered, with a certificate that is not good for the name. `broken`: it does not speak TLS or HTTP. */
export const FetchAnswer = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('answered'),
    status: z.number().int(),
    /** As they came, names in lower case, in their order. */
    headers: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    /** The first 4 KiB of the body, base64. */
    bodyStart: z.base64(),
    /** `TLSv1.3`; null over HTTP. */
    tlsVersion: z.string().nullable(),
    /** SHA-256 of the certificate that was shown, in hexadecimal. */
    certificateDigest: z.string().nullable(),
    tookMs: z.number(),
  }),
  z.strictObject({
    outcome: z.enum(['refused', 'timeout', 'unreachable', 'untrusted', 'broken']),
    /** The error's code, such as `ECONNREFUSED`. */
    code: z.string(),
    tookMs: z.number(),
  }),
]);
export type FetchAnswer = z.infer<typeof FetchAnswer>;

/** What the prober signs of a look from outside (purpose `fetch-transcript`). */
export const FetchTranscript = z.strictObject({
  v: z.literal(1),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  request: FetchRequest,
  answer: FetchAnswer,
});
export type FetchTranscript = z.infer<typeof FetchTranscript>;
