import { z } from 'zod';

import { contractLimits as limits } from './limits.ts';

/**
 * One destination that an environment with restricted egress may reach. Addresses are IPv4 in CIDR form. Without any rule egress is
 * open to public addresses; the host, other environments, private and link-local addresses stay closed either way.
 */
export const EgressRule = z.strictObject({
  cidr: z.cidrv4(),
  port: z.number().int().min(1).max(65_535),
  protocol: z.enum(['tcp', 'udp']).default('tcp'),
});
export type EgressRule = z.infer<typeof EgressRule>;

/** `open`: any public address. `restricted`: only what the rules name. */
export const Egress = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('open') }),
  z.strictObject({ mode: z.literal('restricted'), rules: z.array(EgressRule).max(limits.egressRulesMax) }),
]);
export type Egress = z.infer<typeof Egress>;
