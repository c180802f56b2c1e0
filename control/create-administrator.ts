import { randomBytes } from 'node:crypto';

import { uuidv7 } from '@ringfort/kit/uuid.ts';

import { readMigrateConfig } from './config.ts';
import { openDatabase } from './db/database.ts';
import { issueAdministratorToken } from './setup/issue-administrator-token.ts';

// node control/create-administrator.ts <config>: writes a fresh token of the administrator to stdout, for a file that only its owner
// reads. The administrator's earlier tokens end with it.
const config = await readMigrateConfig(process.argv[2] ?? '');
const owner = openDatabase({
  connectionString: config.database,
  applicationName: 'ringfort-create-administrator',
  role: 'ringfort_owner',
  onError: () => undefined,
});
try {
  const nowMs = Date.now();
  const text = await issueAdministratorToken(owner, { random: randomBytes, newId: () => uuidv7(nowMs), nowMs });
  process.stdout.write(`${text}\n`);
} finally {
  await owner.close();
}
