import { randomUUID } from 'node:crypto';
import { chmod, rm, writeFile } from 'node:fs/promises';

import { systemClock as clock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';

import { readInjectorConfig } from './config.ts';
import { createEngineClient } from './engine-client.ts';
import { createInjectorServer } from './create-injector-server.ts';
import { closeMarked, markOf } from './host-rules.ts';
import { createLeases } from './leases.ts';
import { prepareBreak } from './prepare-break.ts';

// node injector/main.ts <config.json>
const log = createLog({ program: 'injector', clock, write: (line) => process.stdout.write(line) });
const { instance, socket, engineSocket, readyFile } = await readInjectorConfig(process.argv[2] ?? '');
// Leases live in memory: whatever is still open belongs to an injector that fell.
await closeMarked(markOf(instance));
const engine = createEngineClient(engineSocket);
const leases = createLeases({
  prepare: (request, leaseId) => prepareBreak(request, { engine, instance, leaseId, clock }),
  log,
  makeId: () => randomUUID(),
});
const server = createInjectorServer(leases, log);
process.once('SIGTERM', () => void stop()).once('SIGINT', () => void stop());
await rm(socket, { force: true });
await new Promise<void>((resolve, reject) => {
  server.once('error', reject);
  server.listen(socket, resolve);
});
await chmod(socket, 0o660);
await writeFile(readyFile, '');
log.info('Ready');

async function stop(): Promise<void> {
  server.close();
  await leases.endAll();
  await engine.close();
  await rm(readyFile, { force: true });
  process.exit(0);
}
