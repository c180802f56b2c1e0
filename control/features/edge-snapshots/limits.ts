/** What the edges' socket takes, at most. */
export const edgeServerLimits = {
  connectionsMax: 256,
  headersMsMax: 10_000,
  ackBytesMax: 4_096,
  /** An edge is answered after it at the latest, so that it knows that control is there. */
  pollMsMax: 25_000,
  /** How often a waiting poll looks whether another control has made a snapshot, and tells that the edge is there. */
  pollLookMs: 1_000,
  seenEveryMs: 10_000,
} as const;
