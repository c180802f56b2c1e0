/** What the supervisor waits for and keeps, at most. */
export const supervisorLimits = {
  /** How long one waits for a lock without saying so. */
  lockPatienceMs: 1_000,
  commandTimeoutMs: 60_000,
  commandOutputCharactersMax: 1024 * 1024,
  lineCharactersMax: 4_096,
  failureLinesMax: 12,
  failureLineCharactersMax: 400,
  /** A base system, two images, one database and their growth. */
  diskFreeBytesMin: 4 * 1024 ** 3,
  packageInstallTimeoutMs: 900_000,
  imageBuildTimeoutMs: 900_000,
  imageLoadTimeoutMs: 180_000,
  /** Archives of images that no recipe names any more are kept this long: other clones may use them. */
  imageArchiveAgeMsMax: 28 * 24 * 3_600_000,
  /** One edge for each processor, at most so many. */
  edgesMax: 16,
  migrationTimeoutMs: 300_000,
  platformReadyTimeoutMs: 300_000,
  apiAnswerTimeoutMs: 60_000,
  apiAnswersPerEdge: 4,
  demoTimeoutMs: 600_000,
  /** How often a program is looked at, and a process that is to end. */
  programPollMs: 250,
  processPollMs: 50,
  killTimeoutMs: 10_000,
  stopGraceMs: 8_000,
  workloadStopSeconds: 10,
  engineAttemptsMax: 10,
  engineRetryDelayMs: 500,
  socketAnswerTimeoutMs: 1_000,
  /** A program that has run for so long did not fail at its start: the next failure is its first. */
  steadyAfterMs: 30_000,
  restartDelayMsMin: 100,
  restartDelayMsMax: 10_000,
  /** How long a program waits for the ones before it, and a roll-out for a replaced program. */
  predecessorTimeoutMs: 20_000,
  replacementTimeoutMs: 60_000,
  logBytesMax: 32 * 1024 * 1024,
  logsKept: 3,
  logPollMs: 15_000,
} as const;
