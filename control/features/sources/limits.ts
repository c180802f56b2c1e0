/** What is kept of source archives, at most. */
export const sourceLimits = {
  workspaceBytesMax: 8 * 1024 * 1024 * 1024,
  /** Left free on the disk for the platform itself. */
  reserveBytes: 1024 * 1024 * 1024,
  unusedMsMax: 7 * 24 * 60 * 60_000,
  /** An upload that was cut off leaves a file; nobody can still be writing it after so long. */
  partMsMax: 60 * 60_000,
  sweepEveryMs: 60 * 60_000,
} as const;
