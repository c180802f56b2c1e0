import { randomBytes } from 'node:crypto';

import { uuidv7 } from '@ringfort/kit/uuid.ts';

import { readMigrateConfig } from './config.ts';
import { ensureDatabase } from './db/ensure-database.ts';
import { migrateDatabase } from './db/migrate-database.ts';
import { makeThrowawayDatabase } from './setup/make-throwaway-database.ts';

// node control/migrate.ts <config>: makes the database where it is missing and brings it to the newest form, and the one beside it in
// which the break test of the audit log takes the wall down.
const config = await readMigrateConfig(process.argv[2] ?? '');
const options = {
  connectionString: config.database,
  passwords: config.passwords,
  report: (line: string) => void process.stdout.write(`${line}\n`),
};
const nowMs = Date.now();
await ensureDatabase(config.database);
await migrateDatabase(options);
await makeThrowawayDatabase({ ...options, random: randomBytes, newId: () => uuidv7(nowMs), nowMs });
