import type { Clock } from '@ringfort/kit/clock.ts';
import type { Log } from '@ringfort/kit/log.ts';

/** What the driver must know of its machine; all of it comes from the agent's configuration. */
export type ContainerEngineOptions = {
  /** The engine's API, a unix socket that only root may open. */
  readonly socketPath: string;
  /** A folder that only root may enter; volumes, files and builds lie below it. */
  readonly home: string;
  readonly instance: string;
  /** Interfaces of the instance begin with it, and nothing else's does (`rf3a9c-`). */
  readonly interfacePrefix: string;
  /** The instance's IPv4 network in CIDR form. */
  readonly network: string;
  /** The only user of the host who may open connections to workloads. */
  readonly edgeUid: number;
  /** User and group of probes and health checks. */
  readonly nobody: { readonly uid: number; readonly gid: number };
  readonly buildProxy: { readonly address: string; readonly port: number };
  /** Image whose only program waits; its containers hold the namespaces of workloads. */
  readonly pauseImage: string;
  readonly log: Log;
  readonly clock: Clock;
};
