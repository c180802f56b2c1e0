const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const second = 1_000;

/** All that the edge takes, at most. Where a value has a reason beyond "enough, and bounded", it is beside it. */
export const edgeLimits = {
  /** Connections of one process, at some 60 KiB for each that has shaken hands. */
  connectionsMax: 10_000,
  handshakeTimeoutMs: 10 * second,
  headBytesMax: 16 * kibibyte,
  headersMax: 100,
  headTimeoutMs: 10 * second,
  keepAliveTimeoutMs: 60 * second,
  /** A whole request with its body: long enough for an upload of 1 GiB over 3 Mbit/s. */
  requestTimeoutMs: 3_600 * second,
  /** How often Node looks for heads and requests that are late. */
  timeoutCheckIntervalMs: second,
  /** Requests that one connection may have open at once (HTTP/1.1 pipelining). */
  pipelinedMax: 16,

  bodyBytesMax: 1024 * mebibyte,
  bodyIdleMsMax: 30 * second,
  /** Bodies slower than this on average, after the grace, are a slow-body attack. */
  bodyBytesPerSecondMin: 512,
  bodyGraceMs: 60 * second,
  /** A client that takes nothing of what is ready for it for so long is cut off. */
  readIdleMsMax: 60 * second,
  stallCheckIntervalMs: 2 * second,
  /** How long the rest of a refused body is read and thrown away, so that the client sees the answer and not a reset. */
  lingerMs: 2 * second,

  /** Below control's drain of 10 s: no connection may be made to an address after it was given up. */
  upstreamConnectTimeoutMs: 3 * second,
  upstreamHeadTimeoutMs: 120 * second,
  upstreamIdleMsMax: 300 * second,
  upstreamHeadBytesMax: 32 * kibibyte,
  /** Shorter than the five seconds after which Node's own servers close an idle connection. */
  upstreamKeepAliveMs: 4 * second,
  upstreamKeepAliveMsMax: 60 * second,
  /** Requests and tunnels open to one replica at once. */
  upstreamOpenMax: 2_048,
  /** How long a replica that refused a connection is passed over, where there is another. */
  upstreamRestMs: 2 * second,
  interimResponsesMax: 8,
  tunnelIdleMsMax: 600 * second,

  /** Of the five seconds between SIGTERM and SIGKILL. */
  drainMs: 4 * second,

  logSegmentBytesMax: 64 * mebibyte,
  /** Of all finished segments of an edge together; beyond it the oldest go, so that no client can fill the disk by asking. */
  logFolderBytesMax: 2_048 * mebibyte,
  logSegmentAgeMsMax: 3_600 * second,
  /** Lines that could not be written are kept up to here, and no request is taken until they are. */
  logPendingBytesMax: 8 * mebibyte,
  logRetryMs: second,
  loggedHostCharactersMax: 253,
  loggedMethodCharactersMax: 32,
  loggedPathCharactersMax: 2_048,
  loggedQueryCharactersMax: 4_096,
  loggedFieldCharactersMax: 1_024,

  snapshotBytesMax: 64 * mebibyte,
  /** Control answers a poll within 25 s. */
  snapshotPollTimeoutMs: 40 * second,
  snapshotRetryMsMin: 200,
  snapshotRetryMsMax: 10 * second,
} as const;

/** The limits that a process runs with; tests bring their own, smaller ones. */
export type EdgeLimits = { readonly [Name in keyof typeof edgeLimits]: number };
