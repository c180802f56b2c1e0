import { createPrivateKey } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

import { systemClock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';

import { readProberConfig } from './config.ts';
import { limits } from './limits.ts';
import { listenSocket } from './listen-socket.ts';
import { createProberServer } from './prober-server.ts';

const configPath = process.argv[2];
if (configPath === undefined) throw new Error('Name the configuration file: node prober/main.ts <config.json>');

const config = await readProberConfig(configPath);
const log = createLog({ program: 'prober', clock: systemClock, write: (line) => process.stdout.write(line) });
const key = createPrivateKey(await readFile(config.signingKeyFile));
if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${config.signingKeyFile} does not hold an Ed25519 key`);

const server = createProberServer({ agentSocket: config.agentSocket, key, clock: systemClock, log });
await listenSocket(server, config.socket);
await writeFile(config.readyFile, '');
log.info('Listening', { socket: config.socket });

function stop(): void {
  log.info('Stopping');
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(0), limits.stopMs).unref();
}

process.once('SIGTERM', stop);
process.once('SIGINT', stop);
