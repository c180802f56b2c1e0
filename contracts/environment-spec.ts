import { z } from 'zod';

import { HealthCheck, Variables } from './application-config.ts';
import { Egress } from './egress.ts';
import { EnvironmentId, ProjectId, ReleaseId, WorkspaceId } from './identifiers.ts';
import { contractLimits as limits } from './limits.ts';
import { ComponentName, EnvironmentSlug, Hostname, ProjectSlug, RelationshipName, ServiceName } from './names.ts';
import { Runtime, ServiceType } from './runtimes.ts';

/** An image in the agent's own store, by the digest of its configuration. The agent runs only those built for the environment. */
export const ImageDigest = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/)
  .brand('ImageDigest');
export type ImageDigest = z.infer<typeof ImageDigest>;

/** One application of one release. There is no field for a privilege, a host path or a host network: they do not exist. */
export const ComponentSpec = z.strictObject({
  name: ComponentName,
  image: ImageDigest,
  runtime: Runtime,
  start: z.string().min(1).max(limits.commandCharactersMax),
  port: z.number().int().min(1_024).max(65_535),
  replicas: z.number().int().min(1).max(limits.replicasMax),
  health: HealthCheck,
  relationships: z.record(RelationshipName, ServiceName),
  variables: Variables,
  memoryMiB: z.number().int().min(64).max(16_384),
});
export type ComponentSpec = z.infer<typeof ComponentSpec>;

export const ReleaseSpec = z.strictObject({
  releaseId: ReleaseId,
  components: z.array(ComponentSpec).min(1).max(limits.applicationsMax),
});
export type ReleaseSpec = z.infer<typeof ReleaseSpec>;

/** A managed service. Credentials are named by the relationship, made and kept by the agent, and never leave it. */
export const ServiceSpec = z.strictObject({
  name: ServiceName,
  type: ServiceType,
  diskMiB: z.number().int().min(256).max(1_048_576),
  memoryMiB: z.number().int().min(256).max(16_384),
});
export type ServiceSpec = z.infer<typeof ServiceSpec>;

/**
 * All that the agent is told of an environment: whole, declarative, without values of secrets. `generation` only grows; the agent
 * refuses an older one. `removed` takes everything away, data included. `throwaway` marks an environment that the injector of
 * break tests may act on; it can be set only when the environment is made.
 */
export const EnvironmentSpec = z.strictObject({
  v: z.literal(1),
  workspaceId: WorkspaceId,
  projectId: ProjectId,
  environmentId: EnvironmentId,
  project: ProjectSlug,
  environment: EnvironmentSlug,
  generation: z.number().int().positive(),
  state: z.enum(['present', 'removed']),
  criticality: z.enum(['critical', 'noncritical']),
  throwaway: z.boolean(),
  services: z.array(ServiceSpec).max(limits.servicesMax),
  /** At most two: the one that is live, and the one that is about to be or is draining. */
  releases: z.array(ReleaseSpec).max(limits.releasesMax),
  hostnames: z.array(Hostname).max(limits.hostnamesMax),
  egress: Egress,
});
export type EnvironmentSpec = z.infer<typeof EnvironmentSpec>;
