import { rm, writeFile } from 'node:fs/promises';

import { systemClock as clock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';

import { readBuildProxyConfig } from './config.ts';
import { createBuildProxy } from './create-build-proxy.ts';

// node agent/build-proxy/main.ts <config.json>
const log = createLog({ program: 'build-proxy', clock, write: (line) => process.stdout.write(line) });
const { mirrors, network, listenAddress, port, readyFile } = await readBuildProxyConfig(process.argv[2] ?? '');
const server = createBuildProxy({ mirrors: mirrors.map((host) => host.toLowerCase()), network, log });
process.once('SIGTERM', () => void stop()).once('SIGINT', () => void stop());
await new Promise<void>((resolve, reject) => {
  server.once('error', reject);
  server.listen({ host: listenAddress, port }, resolve);
});
await writeFile(readyFile, '');
log.info('Ready', { listenAddress, port, mirrors });

async function stop(): Promise<void> {
  await rm(readyFile, { force: true });
  process.exit(0);
}
