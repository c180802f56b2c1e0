import { contractLimits } from '@ringfort/contracts/limits.ts';

/** What the command line takes in, sends out and waits for, at most. */
export const limits = {
  sourceBytesMax: contractLimits.sourceBytesMax,
  sourceEntriesMax: contractLimits.sourceEntriesMax,
  sourceUnpackedBytesMax: contractLimits.sourceUnpackedBytesMax,
  sourcePathBytesMax: 4_096,
  ignoreFileBytesMax: 64 * 1024,
  ignoreRulesMax: 1_000,
  configBytesMax: 256 * 1024,
  configAliasesMax: 20,
  settingsFileBytesMax: 1024 * 1024,
  answerBytesMax: 16 * 1024 * 1024,
  lineCharactersMax: 1024 * 1024,
  connectTimeoutMs: 5_000,
  answerTimeoutMs: 60_000,
  /** Between two lines of a stream that has an end, such as a run of controls. */
  streamSilenceMs: 300_000,
  retriesMax: 4,
  retryDelayMsMin: 150,
  retryDelayMsMax: 2_000,
  /** For how long a followed deployment or log may be out of reach before the command gives up. */
  followOutageMs: 180_000,
  programStatusTimeoutMs: 5_000,
  programStatusBytesMax: 1024 * 1024,
  itemsMax: 10_000,
  logLinesAfterOutage: 1_000,
} as const;
