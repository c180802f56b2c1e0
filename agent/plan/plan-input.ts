import type { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import type { AgentConfig } from '@ringfort/contracts/program-config.ts';
import type { EnvironmentPlace } from '@ringfort/drivers/driver.ts';

import type { Credentials } from './credentials.ts';

/** All that an environment's plan is made from. */
export type PlanInput = {
  readonly spec: EnvironmentSpec;
  readonly place: EnvironmentPlace;
  /** The address that a workload has, by its key; throws for one that has none, which is a bug. */
  readonly addressOf: (key: string) => string;
  readonly credentials: Credentials;
  readonly images: AgentConfig['images'];
};
