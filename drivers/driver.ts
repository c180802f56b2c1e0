import type { Readable } from 'node:stream';

import type { LogEvent, WorkloadRef } from '@ringfort/contracts/agent-requests.ts';
import type { EgressRule } from '@ringfort/contracts/egress.ts';
import type { ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import type { DeploymentId, EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import type { ProbeAnswer, ProbeRequest } from '@ringfort/contracts/probe.ts';

/**
 * The port to whatever runs workloads. The agent hands in whole plans; a driver makes them so. Every call may be repeated and may be
 * cut off anywhere: the next call goes on from what it finds. Nothing in a plan can ask for a privilege, a host path or a host network.
 */
export type Driver = {
  readonly kind: 'container-engine' | 'simulated';
  /** Once at the agent's start, before anything runs: the host's own rules and the platform's interface. */
  readonly prepare: () => Promise<void>;
  /** Brings one environment to its plan: network, rules, workloads. What the plan does not name is taken away, volumes too. */
  readonly apply: (plan: EnvironmentPlan) => Promise<void>;
  /** Takes an environment away without a trace: workloads, network, rules, volumes, images that were built for it. */
  readonly remove: (place: EnvironmentPlace) => Promise<void>;
  /** What there is, of every environment of the instance, also of such that no plan names any more. */
  readonly observe: () => Promise<readonly ObservedPlace[]>;
  /** Asks a workload for its health inside its own namespace. Never rejects for an unhealthy workload. */
  readonly checkHealth: (plan: EnvironmentPlan, workload: WorkloadPlan) => Promise<HealthAnswer>;
  /** Runs a build as an isolated workload and makes an image of the result. Rejects with a `Problem` when it fails. */
  readonly build: (plan: BuildPlan, options: BuildOptions) => Promise<BuildResult>;
  /** Removes what an interrupted build left, and images of the environment that are not in `keep`. */
  readonly sweepBuilds: (
    environmentId: EnvironmentId,
    options: { readonly keep: readonly ImageDigest[] },
  ) => Promise<void>;
  readonly streamLogs: (request: LogRequest) => AsyncIterable<LogEvent>;
  /** Acts as `ProbeRequest` says. The places of `plans` are the ones that a request may name. */
  readonly probe: (request: ProbeRequest, plans: readonly EnvironmentPlan[]) => Promise<ProbeAnswer>;
  readonly close: () => Promise<void>;
};

/** Where an environment lives on this target. Allotted once, recorded by the agent; uid ranges are never used again. */
export type EnvironmentPlace = {
  readonly environmentId: EnvironmentId;
  /** Name of the bridge, at most 15 characters. */
  readonly bridge: string;
  /** IPv4 in CIDR form, and the bridge's own address in it. */
  readonly subnet: string;
  readonly gateway: string;
  /** First host uid (and gid) of the environment's 65,536. */
  readonly uidStart: number;
  readonly throwaway: boolean;
};

export type EnvironmentPlan = {
  readonly place: EnvironmentPlace;
  readonly workloads: readonly WorkloadPlan[];
  /** Keys of workloads that are to stand still for now (stopped if they run), because they fail and wait for their next try. */
  readonly held: readonly string[];
};

/** One workload: a pause container that holds its namespaces and rules, and the container of the application or service. */
export type WorkloadPlan = {
  /** `service/database` or `component/web/<release id>/<replica>`; unique and stable in the environment. */
  readonly key: string;
  readonly ref: WorkloadRef;
  /** Host names under which siblings find it. */
  readonly aliases: readonly string[];
  readonly address: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly workingDirectory: string;
  readonly variables: Readonly<Record<string, string>>;
  /** User and group inside the workload's user namespace; never 0 for applications. */
  readonly user: { readonly uid: number; readonly gid: number };
  readonly mounts: readonly MountPlan[];
  readonly limits: WorkloadLimits;
  readonly network: WorkloadNetwork;
  readonly health: HealthPlan;
  /** Changes when anything that needs a new container changes. */
  readonly digest: string;
};

export type MountPlan =
  | { readonly kind: 'volume'; readonly name: string; readonly at: string; readonly sizeMiB: number }
  /** A small file that the driver makes readable for the workload's user alone; never in the image, never in an argument. */
  | { readonly kind: 'file'; readonly name: string; readonly at: string; readonly content: string }
  | { readonly kind: 'tmpfs'; readonly at: string; readonly sizeMiB: number };

export type WorkloadLimits = {
  readonly memoryBytesMax: number;
  readonly cpuMax: number;
  readonly processesMax: number;
  readonly openFilesMax: number;
};

/** The workload's security group. What is not named is dropped, in both directions, IPv4 and IPv6. */
export type WorkloadNetwork = {
  readonly accept: readonly { readonly port: number; readonly from: 'edge' | readonly string[] }[];
  /** Siblings it may open connections to. */
  readonly connect: readonly { readonly address: string; readonly port: number }[];
  /** `none` (services, builds), `open` (public addresses), or the rules. */
  readonly egress: 'none' | 'open' | readonly EgressRule[];
  /** Whether it may ask the environment's resolver. */
  readonly resolver: boolean;
};

export type HealthPlan =
  | { readonly kind: 'http'; readonly port: number; readonly path: string; readonly startSeconds: number }
  /** The server greets on its port (MySQL protocol). */
  | { readonly kind: 'mysql'; readonly port: number; readonly startSeconds: number };

export type HealthAnswer = { readonly healthy: boolean; readonly reason: string };

export type ObservedPlace = {
  readonly environmentId: EnvironmentId;
  readonly workloads: readonly ObservedContainer[];
};

export type ObservedContainer = {
  readonly key: string;
  readonly digest: string;
  /** `broken`: half made, without its namespace, or with other rules than planned; `apply` makes it anew. */
  readonly state: 'running' | 'exited' | 'broken';
  readonly exitCode: number | null;
  readonly outOfMemory: boolean;
  readonly startedAt: string | null;
};

export type BuildPlan = {
  readonly buildId: DeploymentId;
  readonly place: EnvironmentPlace;
  readonly component: string;
  /** The address of the build's own workload, and the only thing that it may connect to. */
  readonly address: string;
  readonly proxy: { readonly address: string; readonly port: number };
  readonly image: string;
  readonly command: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
  /** A file of the host. */
  readonly certificateBundle: string;
  readonly limits: WorkloadLimits;
  readonly timeoutMs: number;
  readonly diskBytesMax: number;
};

export type BuildOptions = {
  /** The source archive (tar, gzip), already checked against its digest while it is read. */
  readonly source: Readable;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
};

export type BuildResult = { readonly image: ImageDigest; readonly sizeBytes: number };

export type LogRequest = {
  readonly place: EnvironmentPlace;
  /** Keys of workloads; empty for all of the environment. */
  readonly keys: readonly string[];
  readonly tailLines: number;
  readonly follow: boolean;
  readonly signal: AbortSignal;
};
