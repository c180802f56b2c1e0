import { z } from 'zod';

import { EnvironmentId, ReleaseId, RequestId, WorkspaceId } from './identifiers.ts';

/** One answered request, written by the edge before the last byte of the answer. `v` changes when a field changes its meaning. */
export const AccessLogLine = z.strictObject({
  v: z.literal(1),
  at: z.iso.datetime(),
  requestId: RequestId,
  edge: z.string(),
  workspaceId: WorkspaceId.nullable(),
  environmentId: EnvironmentId.nullable(),
  releaseId: ReleaseId.nullable(),
  component: z.string().nullable(),
  clientAddress: z.string(),
  clientPort: z.number().int(),
  scheme: z.enum(['http', 'https']),
  /** `1.0`, `1.1` or `2`. */
  httpVersion: z.string(),
  method: z.string(),
  host: z.string(),
  path: z.string(),
  query: z.string(),
  status: z.number().int(),
  /** Why the edge answered by itself (`redirect`, `no-site`, `upstream-refused`); null when the application answered. */
  edgeReason: z.string().nullable(),
  requestBytes: z.number().int(),
  responseBytes: z.number().int(),
  /** From the request's first byte to the last byte of the answer; upstream: to the answer's head. */
  durationMs: z.number(),
  upstreamMs: z.number().nullable(),
  upgraded: z.boolean(),
  tlsVersion: z.string().nullable(),
  userAgent: z.string(),
  referer: z.string(),
});
export type AccessLogLine = z.infer<typeof AccessLogLine>;
