import { z } from 'zod';

import { EnvironmentId, ReleaseId, WorkspaceId } from './identifiers.ts';
import { ComponentName, EnvironmentSlug, Hostname, ProjectSlug } from './names.ts';
import { Sealed } from './sealed.ts';
import { Signed } from './signed.ts';

/** Where one replica listens. Signed by the agent (purpose `endpoint`): the edge connects to nothing else. */
export const Endpoint = z.strictObject({
  environmentId: EnvironmentId,
  releaseId: ReleaseId,
  component: ComponentName,
  replica: z.number().int().min(0),
  address: z.ipv4(),
  port: z.number().int().min(1).max(65_535),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** One environment as the edge sees it: its host names and the release that is live. No release: the edge says so. */
export const Site = z.strictObject({
  workspaceId: WorkspaceId,
  environmentId: EnvironmentId,
  project: ProjectSlug,
  environment: EnvironmentSlug,
  hostnames: z.array(Hostname),
  releaseId: ReleaseId.nullable(),
  /** Longest prefix first. */
  routes: z.array(z.strictObject({ pathPrefix: z.string().startsWith('/'), component: ComponentName })),
});
export type Site = z.infer<typeof Site>;

/** What control signs (purpose `edge-sites`). `version` only grows; the edge refuses an older one. */
export const EdgeSites = z.strictObject({
  v: z.literal(1),
  version: z.number().int().positive(),
  issuedAt: z.iso.datetime(),
  sites: z.array(Site),
});
export type EdgeSites = z.infer<typeof EdgeSites>;

/**
 * A certificate for one host name with its key, sealed by the agent to the edge (context `tls-key:<hostname>`). The chain is PEM, leaf
 * first; the key inside is PKCS #8 PEM.
 */
export const EdgeCertificate = z.strictObject({
  hostname: Hostname,
  chainPem: z.string().max(65_536),
  sealedKey: Sealed,
  notAfter: z.iso.datetime(),
});
export type EdgeCertificate = z.infer<typeof EdgeCertificate>;

/** All that an edge needs to serve. It keeps the last good one on disk and serves from it while control is away. */
export const EdgeSnapshot = z.strictObject({
  v: z.literal(1),
  version: z.number().int().positive(),
  sites: Signed,
  endpoints: z.array(Signed),
  certificates: z.array(EdgeCertificate),
});
export type EdgeSnapshot = z.infer<typeof EdgeSnapshot>;

/** An edge says which version it serves by now, so that what older versions name can be taken away. */
export const SnapshotAck = z.strictObject({ edgeId: z.string().max(64), version: z.number().int().positive() });
export type SnapshotAck = z.infer<typeof SnapshotAck>;
