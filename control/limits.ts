/** What control takes and does, at most. */
export const controlLimits = {
  databaseConnectionsMax: 10,
  connectTimeoutMs: 3_000,
  statementTimeoutMs: 15_000,
  lockTimeoutMs: 10_000,
  idleInTransactionTimeoutMs: 30_000,
  bodyBytesMax: 1024 * 1024,
  pathParameterCharactersMax: 300,
  headerBytesMax: 16 * 1024,
  uploadTimeoutMs: 15 * 60_000,
  keepAliveTimeoutMs: 72_000,
  idempotencyKeyCharactersMax: 200,
  /** Denied attempts of one actor in one hour that are listed one by one; further ones are counted. */
  denialsListedMax: 100,
  /** Each token's bucket: how many requests at once, and how many come back each second. */
  requestBurstMax: 200,
  requestsPerSecondMax: 50,
  rateBucketsMax: 10_000,
  tokenRecheckEveryMs: 10_000,
  streamsPerTokenMax: 20,
  dnsTimeoutMs: 5_000,
  dnsRecordsMax: 100,
  stopTimeoutMs: 4_000,
  databaseRetryMs: 1_000,
} as const;
