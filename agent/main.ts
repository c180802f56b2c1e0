import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createContainerEngineDriver } from '@ringfort/drivers/container-engine/container-engine.ts';
import type { AgentConfig } from '@ringfort/contracts/program-config.ts';
import type { Driver } from '@ringfort/drivers/driver.ts';
import { createSimulatedDriver } from '@ringfort/drivers/simulated/simulated.ts';
import { systemClock as clock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';

import { readAgentConfig } from './config.ts';
import { refuseSecond } from './http/listen-socket.ts';
import { agentLimits } from './limits.ts';
import { prepareDriver } from './prepare-driver.ts';
import { readPublicKeys } from './read-public-keys.ts';
import { startAgent } from './start-agent.ts';

// node agent/main.ts <config.json>        runs the agent
// node agent/main.ts keys <config.json>   prints the public keys, made where they are missing
const log = createLog({ program: 'agent', clock, write: (line) => process.stdout.write(line) });
const [first = '', second = ''] = process.argv.slice(2);
if (first === 'keys') {
  const keys = await readPublicKeys(await readAgentConfig(second), clock);
  process.stdout.write(`${JSON.stringify(keys)}\n`);
} else {
  await run(await readAgentConfig(first));
}

async function run(config: AgentConfig): Promise<void> {
  await refuseSecond(config.controlSocket);
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort()).once('SIGINT', () => stop.abort());
  const random = Math.random;
  const driver = await prepareDriver(() => createDriver(config), { random, log, signal: stop.signal });
  if (driver === undefined) return;
  const agent = await startAgent({ config, driver, clock, random, log });
  await writeFile(config.readyFile, '');
  log.info('Ready', { driver: driver.kind });
  if (!stop.signal.aborted) await new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
  setTimeout(() => process.exit(0), agentLimits.stopMsMax).unref();
  await agent.close();
  await rm(config.readyFile, { force: true });
  process.exit(0);
}

async function createDriver(config: AgentConfig): Promise<Driver> {
  await mkdir(config.home, { recursive: true, mode: 0o700 });
  if (config.driver === 'simulated') return createSimulatedDriver({ clock, file: join(config.home, 'simulated.json') });
  const { home, instance, interfacePrefix, network, edgeUid, nobody, buildProxy } = config;
  return createContainerEngineDriver({
    socketPath: config.engineSocket,
    home,
    instance,
    interfacePrefix,
    network,
    edgeUid,
    nobody,
    buildProxy,
    pauseImage: config.images.pause,
    log,
    clock,
  });
}
