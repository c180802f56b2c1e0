/** What the drivers take, at most. Times in milliseconds, sizes in bytes. */
export const driverLimits = {
  programTimeoutMs: 30_000,
  programOutputBytesMax: 1024 * 1024,
  messageCharactersMax: 500,
  engineTimeoutMs: 120_000,
  engineAnswerBytesMax: 16 * 1024 * 1024,
  /** Workloads of one environment that are made at the same time. */
  parallelMax: 4,
  /** How old a check of a workload's rules may be. */
  rulesCheckAgeMsMax: 5_000,
  /** What a program gets to end by itself before it is killed. */
  stopGraceSeconds: 10,
  pauseMemoryBytes: 32 * 1024 * 1024,
  pauseProcessesMax: 8,
  sharedMemoryBytes: 16 * 1024 * 1024,
  workloadLogBytesMax: 16 * 1024 * 1024,
  /** Free space of the host's disk that volumes and builds leave alone. */
  diskReserveBytes: 2 * 1024 * 1024 * 1024,
  healthTimeoutMs: 5_000,
  healthBodyBytesMax: 1024 * 1024,
  logLineCharactersMax: 4_000,
  /** How often a followed log is read; also how soon it notices workloads that were made meanwhile. */
  logPollMs: 250,
  buildPollMs: 100,
  logHistoryLinesMax: 50_000,
  logHistoryBytesMax: 4 * 1024 * 1024,
  logReadBytes: 256 * 1024,
  buildLinesMax: 20_000,
  /** Files, folders and links of a built application. */
  builtEntriesMax: 500_000,
  archivePathCharactersMax: 1_000,
  /** Extended headers (long names) before an entry, which the parser holds in memory. */
  archiveHeaderBytesMax: 2 * 1024 * 1024,
  probeOutputBytesMax: 2 * 1024 * 1024,
  /** What a probe gets beside the time of its task: to start, and to write its answer. */
  probeMarginMs: 10_000,
  probePingsMax: 16,
} as const;
