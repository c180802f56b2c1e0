/** What the prober takes in, passes on and waits for, at most. */
export const limits = {
  requestBytesMax: 1024 * 1024,
  agentAnswerBytesMax: 16 * 1024 * 1024,
  /** A probe's own deadline is 10 s at most; the agent needs time around it to place it. */
  agentTimeoutMs: 45_000,
  headerBytesMax: 16 * 1024,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 20_000,
  connectionsMax: 64,
  fetchBodyBytesMax: 4 * 1024,
  fetchHeaderBytesMax: 32 * 1024,
  /** What is under way when the prober is stopped has this long to end. */
  stopMs: 3_000,
} as const;
