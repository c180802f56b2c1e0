/** What the injector takes and how often it breaks. */
export const injectorLimits = {
  requestBytesMax: 64 * 1024,
  keepAliveTimeoutMs: 60_000,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  connectionsMax: 32,
  leasesMax: 8,
  /** The agent repairs every two seconds; between two repairs the break is in effect nearly all the time. */
  repeatMs: 100,
  lookEveryMs: 1_000,
  engineTimeoutMs: 10_000,
  engineAnswerBytesMax: 16 * 1024 * 1024,
  programTimeoutMs: 10_000,
  programOutputBytesMax: 4 * 1024 * 1024,
  messageCharactersMax: 500,
  listenerStartMs: 5_000,
} as const;
