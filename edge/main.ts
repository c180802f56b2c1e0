import { rm, writeFile } from 'node:fs/promises';

import { systemClock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';

import { readSettings } from './config.ts';
import { systemEdgeClock } from './edge-clock.ts';
import { startEdge } from './edge.ts';

/** The edge program: `node edge/main.ts <path of its configuration>`. */
const log = createLog({ program: 'edge', clock: systemClock, write: (line) => void process.stdout.write(line) });

const path = process.argv[2];
if (path === undefined) throw new Error('Start the edge with the path of its configuration file');
const settings = await readSettings(path);
const { edgeId, readyFile } = settings.config;
const edge = await startEdge(settings, { log: log.child({ edgeId }), clock: systemEdgeClock, random: Math.random });
await writeFile(readyFile, '');
log.info('The edge serves', { edgeId, httpPort: edge.httpPort, httpsPort: edge.httpsPort, version: edge.version() });

const stop = async (): Promise<void> => {
  log.info('The edge stops', { edgeId });
  await rm(readyFile, { force: true });
  await edge.stop();
  process.exit(0);
};
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
