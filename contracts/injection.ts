import { z } from 'zod';

import { WorkloadRef } from './agent-requests.ts';
import { EnvironmentId } from './identifiers.ts';

/**
 * What the injector of break tests may do (`POST /v1/inject`), to environments labelled throw-away alone, until the lease ends. It
 * keeps breaking until then, because the agent keeps repairing.
 *
 * - `flush-rules`: empties the rule sets of the environment and of the other throw-away ones, and lifts the host's rules between their
 *   bridges: three walls stand between two environments, and any one alone still holds;
 * - `start-listener`: empties the rule sets of the environment, and starts a listener on the given port inside the workload's namespace.
 */
export const InjectRequest = z.discriminatedUnion('injection', [
  z.strictObject({
    injection: z.literal('flush-rules'),
    environmentId: EnvironmentId,
    leaseMs: z.number().int().min(1_000).max(120_000),
  }),
  z.strictObject({
    injection: z.literal('start-listener'),
    environmentId: EnvironmentId,
    workload: WorkloadRef,
    port: z.number().int().min(1).max(65_535),
    leaseMs: z.number().int().min(1_000).max(120_000),
  }),
]);
export type InjectRequest = z.infer<typeof InjectRequest>;

/** `POST /v1/heal` ends a lease early. */
export const InjectAnswer = z.strictObject({ leaseId: z.uuid() });
export const HealRequest = z.strictObject({ leaseId: z.uuid() });
export type InjectAnswer = z.infer<typeof InjectAnswer>;
export type HealRequest = z.infer<typeof HealRequest>;
