/** What a command ends with. `verify` adds its own meaning to 2. Usage and unavailability are those of sysexits.h. */
export const exitCodes = { ok: 0, failed: 1, onlyUnknown: 2, usage: 64, unavailable: 69, interrupted: 130 } as const;

export type FailureOptions = {
  readonly exitCode?: number;
  /** What to do about it; printed on a line of its own. */
  readonly fix?: string;
  readonly cause?: unknown;
};

/**
 * An expected failure that arises on the user's own machine: a folder without `ringfort.yaml`, a platform that does not answer.
 * Failures that another program reports are `Problem`s.
 */
export class Failure extends Error {
  readonly exitCode: number;
  readonly fix: string | undefined;

  constructor(message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'Failure';
    this.exitCode = options.exitCode ?? exitCodes.failed;
    this.fix = options.fix;
  }
}
