const second = 1_000;
const minute = 60 * second;
const mebi = 1024 * 1024;

/** What the build proxy lets through, at most. A build itself may take a quarter of an hour. */
export const buildProxyLimits = {
  connectionsMax: 512,
  /** For one address, which is one build. */
  connectionsPerCallerMax: 64,
  headerBytesMax: 16 * 1024,
  headersTimeoutMs: 10 * second,
  resolveTimeoutMs: 5 * second,
  connectTimeoutMs: 10 * second,
  idleTimeoutMs: 2 * minute,
  lifeMsMax: 20 * minute,
  downloadBytesMax: 1_024 * mebi,
  uploadBytesMax: 16 * mebi,
  ports: [80, 443],
} as const;
