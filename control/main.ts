import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { systemClock as clock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';
import { uuidv7 } from '@ringfort/kit/uuid.ts';
import { z } from 'zod';

import { readControlConfig } from './config.ts';
import { controlLimits as limits } from './limits.ts';
import { startControl } from './start-control.ts';

// node control/main.ts <config.json>: runs control until it is told to stop.
const log = createLog({ program: 'control', clock, write: (line) => process.stdout.write(line) });
const config = await readControlConfig(process.argv[2] ?? '');
const manifest: unknown = JSON.parse(await readFile(join(import.meta.dirname, 'package.json'), 'utf8'));
const { version } = z.object({ version: z.string() }).parse(manifest);
const stop = new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve));
const newId = (): string => uuidv7(clock.nowMs());
const control = await startControl({ config, clock, newId, random: Math.random, log, version });
await writeFile(config.readyFile, '');
log.info('Ready');
await stop;
// Whatever is cut off here goes on at the next start, from the database.
setTimeout(() => process.exit(0), limits.stopTimeoutMs).unref();
await control.close();
await rm(config.readyFile, { force: true });
process.exit(0);
