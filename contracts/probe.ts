import { z } from 'zod';

import { WorkloadRef } from './agent-requests.ts';
import { EnvironmentId } from './identifiers.ts';
import { contractLimits as limits } from './limits.ts';

/**
 * A place that a probe stands in. `workload`: inside that workload's own network namespace, under its own rules, as an unprivileged
 * process. `foreign`: a network namespace on a bridge of the host that is not the platform's. `host`: the host itself, as a user
 * that is not the edge's.
 */
export const Place = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('workload'), environmentId: EnvironmentId, workload: WorkloadRef }),
  z.strictObject({ kind: z.literal('foreign') }),
  z.strictObject({ kind: z.literal('host') }),
]);
export type Place = z.infer<typeof Place>;

/** One try to reach something. `payload` is sent after connecting (TCP) or at once (UDP). `name` is asked of the place's resolver. */
export const ProbeAttempt = z.discriminatedUnion('protocol', [
  z.strictObject({
    protocol: z.enum(['tcp', 'udp']),
    /** IPv4 or IPv6; a link-local address goes out by each interface of the place. */
    address: z.union([z.ipv4(), z.ipv6()]),
    port: z.number().int().min(1).max(65_535),
    payload: z.string().max(256).default(''),
  }),
  z.strictObject({ protocol: z.literal('icmp'), address: z.union([z.ipv4(), z.ipv6()]) }),
  z.strictObject({
    protocol: z.literal('dns'),
    /** The resolver to ask; left out: the place's own. */
    server: z.union([z.ipv4(), z.ipv6()]).optional(),
    name: z.string().max(253),
  }),
]);
export type ProbeAttempt = z.infer<typeof ProbeAttempt>;

/** `answered` carries the first bytes that came back, as base64; `silent`: connected (TCP) but nothing came. */
export const ProbeOutcome = z.strictObject({
  outcome: z.enum(['answered', 'silent', 'refused', 'timeout', 'unreachable']),
  answer: z.string().default(''),
  tookMs: z.number(),
});
export type ProbeOutcome = z.infer<typeof ProbeOutcome>;

const Listener = z.strictObject({
  protocol: z.enum(['tcp', 'udp']),
  address: z.string(),
  port: z.number().int(),
});
export type Listener = z.infer<typeof Listener>;

/** What the prober may ask of the agent. All attempts of one request run at the same time, each with its own deadline. */
export const ProbeRequest = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('attempt'),
    from: Place,
    attempts: z.array(ProbeAttempt).max(limits.probeAttemptsMax),
    timeoutMs: z.number().int().min(50).max(10_000).default(1_000),
  }),
  /** Sockets that listen in the place's namespace, and its addresses (link-local ones too). */
  z.strictObject({ action: z.literal('listeners'), at: Place }),
  /** A listener that answers each connection or datagram with `nonce`, until the deadline. It answers when it listens. */
  z.strictObject({
    action: z.literal('canary'),
    at: Place,
    protocol: z.enum(['tcp', 'udp']),
    port: z.number().int().min(1).max(65_535),
    nonce: z.string().min(16).max(128),
    lifeMs: z.number().int().min(100).max(60_000),
  }),
]);
export type ProbeRequest = z.infer<typeof ProbeRequest>;

export const ProbeAnswer = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('attempt'), outcomes: z.array(ProbeOutcome) }),
  z.strictObject({
    action: z.literal('listeners'),
    listeners: z.array(Listener),
    addresses: z.array(z.strictObject({ interface: z.string(), address: z.string() })),
  }),
  z.strictObject({ action: z.literal('canary'), listening: z.boolean() }),
]);
export type ProbeAnswer = z.infer<typeof ProbeAnswer>;

/** What the prober signs (purpose `probe-transcript`): the request, the raw answer, and when. */
export const ProbeTranscript = z.strictObject({
  v: z.literal(1),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  request: ProbeRequest,
  answer: ProbeAnswer,
});
export type ProbeTranscript = z.infer<typeof ProbeTranscript>;
