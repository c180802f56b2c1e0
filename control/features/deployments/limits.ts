/** How long a deployment may take, and how much of it is kept. */
export const deploymentLimits = {
  preparingMsMax: 5 * 60_000,
  /** The agent ends a build after 15 minutes; the rest is for waiting behind others. */
  buildingMsMax: 20 * 60_000,
  /** Added to the longest `startSeconds` of the release: images are unpacked and containers made before the first answer. */
  startingMarginMs: 60_000,
  /** A workload of a new release that ended so often will not become healthy. */
  restartsMax: 5,
  switchingMsMax: 60_000,
  /** Open requests of the old release may end within it. */
  drainingMs: 10_000,
  /** An edge that has not asked for so long is not running; its long poll ends after 25 s. */
  edgeSilenceMsMax: 30_000,
  eventsPerDeploymentMax: 10_000,
  eventLineBytesMax: 4_096,
  /** Between rounds while something is under way, and while nothing is. */
  busyRoundMs: 500,
  idleRoundMs: 5_000,
  /** How often a followed deployment is looked at, and how many lines at once. */
  followEveryMs: 400,
  eventPageMax: 500,
  observationAgeMsMax: 15_000,
  /** A build that broke off is asked for again after it, since each time the whole source is sent. */
  rejoinMsMin: 2_000,
  buildLinesDelayMs: 250,
  buildLinesWaitingMax: 200,
} as const;
