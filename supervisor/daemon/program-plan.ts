import { z } from 'zod';

const Account = z.object({ uid: z.number().int(), gid: z.number().int() });

/** How to see that a program is ready to do its work. */
const Readiness = z.discriminatedUnion('kind', [
  /** The file is there; it is removed before each start. */
  z.object({ kind: z.literal('file'), path: z.string() }),
  /** Somebody answers on the unix socket. */
  z.object({ kind: z.literal('socket'), path: z.string() }),
  /** The postmaster says so in its own file. */
  z.object({ kind: z.literal('postmaster'), path: z.string() }),
  /** It runs. */
  z.object({ kind: z.literal('running') }),
]);
export type Readiness = z.infer<typeof Readiness>;

/** One program that is kept running. */
export const ProgramPlan = z.object({
  name: z.string(),
  command: z.array(z.string()).min(1),
  /** The last arguments of the command that no other process has: by them it is found again when its record was lost. */
  signature: z.array(z.string()).min(1),
  /** Whom it runs as; left out: whoever runs the supervisor. */
  account: Account.optional(),
  /** The capabilities that it keeps, without the prefix `cap_`. */
  capabilities: z.array(z.string()).default([]),
  umask: z.number().int().default(0o077),
  environment: z.record(z.string(), z.string()),
  log: z.string(),
  ready: Readiness,
  /** Files without which it is not started, nor replaced by a newer one. */
  waitsFor: z.array(z.string()).default([]),
  /** Programs that it is started after, where they are ready soon; it copes with their absence. */
  after: z.array(z.string()).default([]),
  stopSignal: z.enum(['SIGTERM', 'SIGINT']).default('SIGTERM'),
  /** Changes when the running one is to be replaced. */
  digest: z.string(),
});
export type ProgramPlan = z.infer<typeof ProgramPlan>;

/** `config/supervisor.json`, which the daemon and the keeper start with. */
export const SupervisionPlan = z.object({
  instance: z.string(),
  /** Names the whole: what runs under another one is replaced. */
  digest: z.string(),
  programDigest: z.string(),
  statusSocket: z.string(),
  locksFolder: z.string(),
  recordsFolder: z.string(),
  programs: z.array(ProgramPlan),
  keeper: ProgramPlan,
  daemon: ProgramPlan,
});
export type SupervisionPlan = z.infer<typeof SupervisionPlan>;
