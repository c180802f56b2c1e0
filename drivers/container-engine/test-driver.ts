import { join } from 'node:path';

import { systemClock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';

import type { Driver } from '../driver.ts';
import type { TestSite } from '../test-plans.ts';
import { createContainerEngineDriver } from './container-engine.ts';
import { hostTableName } from './host-table.ts';
import type { ContainerEngineOptions } from './options.ts';
import { runProgram } from './run-program.ts';
import { startTestEngine } from './test-engine.ts';

/** A driver over an engine of its own, with names and addresses that no other test and no real instance has. */
export type TestDriver = {
  readonly driver: Driver;
  readonly site: TestSite;
  readonly options: ContainerEngineOptions;
  /** A second driver over the same engine, as after a restart of the agent. */
  readonly restart: () => Promise<Driver>;
  /** Takes everything away; environments must be removed before. */
  readonly close: () => Promise<void>;
};

/** Starts engine and driver. `process.pid` keeps tests apart that run at the same time. */
export async function startTestDriver(): Promise<TestDriver> {
  const engine = await startTestEngine();
  // As the supervisor starts the agent.
  process.umask(0o077);
  const network = `10.${128 + (process.pid % 127)}`;
  const interfacePrefix = `rf${(process.pid % 0xffff).toString(16)}t-`;
  const options: ContainerEngineOptions = {
    socketPath: engine.socketPath,
    home: join(engine.folder, 'home'),
    instance: `t${process.pid}`,
    interfacePrefix,
    network: `${network}.0.0/16`,
    edgeUid: 61_000,
    nobody: { uid: 65_534, gid: 65_534 },
    buildProxy: { address: `${network}.0.1`, port: 3128 },
    pauseImage: engine.image,
    log: createLog({ program: 'test', clock: systemClock, write: () => undefined }),
    clock: systemClock,
  };
  const restart = async (): Promise<Driver> => {
    const driver = await createContainerEngineDriver(options);
    await driver.prepare();
    return driver;
  };
  const driver = await restart();
  return {
    driver,
    options,
    restart,
    site: { network, interfacePrefix, uidBase: 0x30000000, image: engine.image },
    close: async () => {
      await driver.close();
      await runProgram(['nft', 'delete', 'table', 'inet', hostTableName(interfacePrefix)]);
      await runProgram(['ip', 'link', 'delete', 'dev', `${interfacePrefix}p`]);
      await engine.close();
    },
  };
}
