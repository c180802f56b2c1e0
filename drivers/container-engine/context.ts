import type { EngineClient } from './engine-client.ts';
import type { ContainerEngineOptions } from './options.ts';
import type { HostRules } from './host-rules.ts';
import type { RulesStore } from './rules-store.ts';

/** What the parts of the driver share: the options, the engine, and the record of rules that are loaded. */
export type DriverContext = {
  readonly options: ContainerEngineOptions;
  readonly engine: EngineClient;
  readonly hostRules: HostRules;
  readonly rules: RulesStore;
  /** Hard limits of this process, which containers cannot go past (setrlimit(2)). */
  readonly hardLimits: { readonly openFiles: number; readonly processes: number };
  /** The seccomp profile on the host's disk. */
  readonly seccompPath: string;
};
