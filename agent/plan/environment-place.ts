import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import type { AgentConfig } from '@ringfort/contracts/program-config.ts';
import type { EnvironmentPlace } from '@ringfort/drivers/driver.ts';

import { agentLimits as limits } from '../limits.ts';
import { subnetAt } from './subnet.ts';

/** Where an environment lives, worked out from its two indexes and the instance's network, prefix and uid block. */
export function environmentPlace(allotted: Allotted, config: PlaceConfig): EnvironmentPlace {
  const subnet = subnetAt(config.network, allotted.subnetIndex);
  return {
    environmentId: allotted.environmentId,
    bridge: `${config.interfacePrefix}${allotted.subnetIndex}`,
    subnet: subnet.cidr,
    gateway: subnet.gateway,
    uidStart: config.uidBase + allotted.uidIndex * limits.uidsPerEnvironment,
    throwaway: allotted.throwaway,
  };
}

export type Allotted = {
  readonly environmentId: EnvironmentId;
  readonly uidIndex: number;
  readonly subnetIndex: number;
  readonly throwaway: boolean;
};

export type PlaceConfig = Pick<AgentConfig, 'network' | 'interfacePrefix' | 'uidBase'>;
