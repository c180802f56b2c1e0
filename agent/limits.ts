const second = 1_000;
const minute = 60 * second;
const day = 24 * 60 * minute;
const mebi = 1024 * 1024;

/** What the agent takes, keeps and waits for, at most. */
export const agentLimits = {
  /** A whole specification: two releases with all variables filled. */
  specBytesMax: 16 * mebi,
  requestBytesMax: mebi,
  headerBytesMax: 64 * 1024,
  headersTimeoutMs: 10 * second,
  /** For the whole request with its body: a source archive over a unix socket. */
  requestTimeoutMs: 5 * minute,
  connectionsMax: 256,
  probesAtOnceMax: 16,
  probesWaitingMax: 256,
  probeWaitMs: 30 * second,

  /** Offsets in an environment's /26: `.0` is the network, `.1` the gateway, `.62` and `.63` stay free. */
  addressOffsetMin: 2,
  addressOffsetMax: 61,
  /** Addresses of each environment that only builds take. */
  buildAddresses: 2,
  uidsPerEnvironment: 65_536,
  tombstonesMax: 100_000,
  retiredUsersMax: 1_000,

  /** What is cut off at the end goes on at the next start, from disk. */
  stopMsMax: 4 * second,
  tickMs: 2 * second,
  lookAgeMsMax: second,
  /** At most one part in so many of the time goes into looking, up to an age at which failures would be seen too late. */
  lookRestFactor: 10,
  lookAgeMsCeiling: 15 * second,
  healthStartingIntervalMs: 500,
  healthSlowStartAfterMs: 10 * second,
  healthFailingIntervalMs: 2 * second,
  healthHealthyIntervalMs: 10 * second,
  healthFailuresMax: 3,
  restartDelayMsMin: second,
  restartDelayMsMax: minute,
  /** A workload that was healthy for so long begins its back-off anew. */
  steadyAfterMs: minute,
  prepareDelayMsMin: 250,
  prepareDelayMsMax: 5 * second,
  applyDelayMsMin: 500,
  applyDelayMsMax: 30 * second,
  messageCharactersMax: 500,

  componentProcessesMax: 512,
  componentCpuMax: 2,
  serviceProcessesMax: 512,
  serviceCpuMax: 2,
  openFilesMax: 4_096,
  temporaryMiB: 64,
  serviceStartSeconds: 120,

  buildsAtOnceMax: 2,
  buildsWaitingMax: 32,
  buildLinesMax: 10_000,
  buildLineCharactersMax: 4_096,
  buildLogBytesMax: 8 * mebi,
  buildTimeoutMs: 15 * minute,
  buildMemoryBytesMax: 2_048 * mebi,
  buildCpuMax: 2,
  buildProcessesMax: 1_024,
  buildDiskBytesMax: 4_096 * mebi,
  /** Deployments of an environment whose builds are kept, with their images, for going back to them. */
  buildsKeptMax: 20,

  authorityLifeMs: 3_650 * day,
  certificateLifeMs: 90 * day,
  renewEveryMs: 60 * minute,
  /** Certificates begin earlier than now: clocks of clients differ. */
  certificateBackdateMs: 60 * minute,
} as const;
