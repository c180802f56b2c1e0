/** What may cross a border, at most. Each room has further limits of its own. */
export const contractLimits = {
  sourceBytesMax: 256 * 1024 * 1024,
  sourceEntriesMax: 50_000,
  sourceUnpackedBytesMax: 1024 * 1024 * 1024,
  applicationsMax: 10,
  servicesMax: 10,
  replicasMax: 10,
  routesMax: 50,
  variablesMax: 100,
  variableCharactersMax: 8_192,
  commandCharactersMax: 4_096,
  hostnamesMax: 100,
  egressRulesMax: 100,
  releasesMax: 2,
  probeAttemptsMax: 512,
  pageSizeMax: 200,
} as const;
