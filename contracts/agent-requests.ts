import { z } from 'zod';

import { EdgeCertificate } from './edge-snapshot.ts';
import { EnvironmentSpec, ImageDigest } from './environment-spec.ts';
import { DeploymentId, EnvironmentId, ReleaseId } from './identifiers.ts';
import { contractLimits as limits } from './limits.ts';
import { ComponentName, ServiceName } from './names.ts';
import { Runtime } from './runtimes.ts';
import { Signed } from './signed.ts';

/**
 * The closed set of requests that the agent takes, as `POST /v1/<name>` over HTTP on a unix socket. Bodies are JSON, but for `build`
 * (the JSON in the header `ringfort-request`, the source archive as the body). `build` and `streamLogs` answer with NDJSON. Which
 * of them a caller may send is decided by the socket it came in by, whose owner the kernel checks.
 */
export const agentRequestNames = ['applySpec', 'build', 'exec', 'streamLogs', 'observe', 'probe'] as const;
export type AgentRequestName = (typeof agentRequestNames)[number];

/** Answer of `applySpec`: taken and persisted, not yet done. `observe` tells how far it is. */
export const ApplySpecRequest = EnvironmentSpec;
export const ApplySpecAnswer = z.strictObject({ generation: z.number().int() });

/**
 * Builds one application into an image, as an isolated workload of the environment, which must be there. Idempotent by `buildId` and
 * component: the same again joins the running build or gives its result.
 */
export const BuildRequest = z.strictObject({
  buildId: DeploymentId,
  environmentId: EnvironmentId,
  component: ComponentName,
  runtime: Runtime,
  command: z.string().max(limits.commandCharactersMax).optional(),
  /** SHA-256 of the archive (tar, gzip), in hexadecimal. */
  sourceDigest: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BuildRequest = z.infer<typeof BuildRequest>;

export const BuildEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('log'), at: z.iso.datetime(), line: z.string() }),
  z.strictObject({ type: z.literal('built'), image: ImageDigest, sizeBytes: z.number().int() }),
  z.strictObject({ type: z.literal('failed'), code: z.enum(['source-refused', 'build-failed']), reason: z.string() }),
]);
export type BuildEvent = z.infer<typeof BuildEvent>;

/** A workload: a component's replica of a release, or a service. */
export const WorkloadRef = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('component'),
    name: ComponentName,
    releaseId: ReleaseId.optional(),
    replica: z.number().int().min(0).default(0),
  }),
  z.strictObject({ kind: z.literal('service'), name: ServiceName }),
]);
export type WorkloadRef = z.infer<typeof WorkloadRef>;

/** Runs a command in a workload. The ticket is signed for the member by its session; without trusted session keys all are refused. */
export const ExecRequest = z.strictObject({
  environmentId: EnvironmentId,
  workload: WorkloadRef,
  command: z.array(z.string().max(4_096)).min(1).max(64),
  ticket: Signed,
});
export type ExecRequest = z.infer<typeof ExecRequest>;

export const StreamLogsRequest = z.strictObject({
  environmentId: EnvironmentId,
  workload: WorkloadRef.optional(),
  tailLines: z.number().int().min(0).max(10_000).default(200),
  follow: z.boolean().default(false),
});
export type StreamLogsRequest = z.infer<typeof StreamLogsRequest>;

export const LogEvent = z.strictObject({
  at: z.iso.datetime(),
  /** `web.0` of a release, or the name of a service. */
  source: z.string(),
  releaseId: ReleaseId.optional(),
  stream: z.enum(['stdout', 'stderr', 'platform']),
  line: z.string(),
});
export type LogEvent = z.infer<typeof LogEvent>;

export const ObserveRequest = z.strictObject({ environmentId: EnvironmentId.optional() });
export type ObserveRequest = z.infer<typeof ObserveRequest>;

export const WorkloadState = z.enum(['starting', 'healthy', 'unhealthy', 'stopped']);
export type WorkloadState = z.infer<typeof WorkloadState>;

export const ObservedWorkload = z.strictObject({
  workload: WorkloadRef,
  state: WorkloadState,
  /** For people: why it is not healthy (`exit code 1`, `out of memory`, `GET / answered 500`). */
  reason: z.string(),
  restarts: z.number().int(),
  startedAt: z.iso.datetime().nullable(),
});
export type ObservedWorkload = z.infer<typeof ObservedWorkload>;

export const ObservedEnvironment = z.strictObject({
  environmentId: EnvironmentId,
  /** The newest specification taken, and the newest that is wholly in effect. */
  generation: z.number().int(),
  appliedGeneration: z.number().int(),
  /** What hinders it from being in effect; empty when nothing does. */
  message: z.string(),
  workloads: z.array(ObservedWorkload),
  endpoints: z.array(Signed),
  certificates: z.array(EdgeCertificate),
});
export type ObservedEnvironment = z.infer<typeof ObservedEnvironment>;

export const ObserveAnswer = z.strictObject({
  driver: z.enum(['container-engine', 'simulated']),
  environments: z.array(ObservedEnvironment),
  /** For the platform's own host name. */
  platformCertificates: z.array(EdgeCertificate),
});
export type ObserveAnswer = z.infer<typeof ObserveAnswer>;
