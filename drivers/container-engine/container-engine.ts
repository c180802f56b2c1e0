import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Driver } from '../driver.ts';
import { applyEnvironment } from './apply-environment.ts';
import { buildApplication } from './build-application.ts';
import { buildName } from './build-site.ts';
import { checkHealth } from './check-health.ts';
import type { DriverContext } from './context.ts';
import { createEngineClient } from './engine-client.ts';
import { readHardLimits } from './host-limits.ts';
import { createHostRules } from './host-rules.ts';
import { prepareHost } from './host-network.ts';
import { observeEnvironments } from './observe-environments.ts';
import type { ContainerEngineOptions } from './options.ts';
import { createForeignNetwork } from './probe/foreign-network.ts';
import { probe } from './probe/probe.ts';
import { removeEnvironment } from './remove-environment.ts';
import { openRulesStore } from './rules-store.ts';
import { seccompProfile } from './seccomp-profile.ts';
import { streamLogs } from './stream-logs.ts';
import { sweepBuilds } from './sweep-builds.ts';

/** A driver over Podman's own API. It connects when it is first used; then `engine-unavailable` says that nothing answers. */
export async function createContainerEngineDriver(options: ContainerEngineOptions): Promise<Driver> {
  await mkdir(options.home, { recursive: true, mode: 0o700 });
  const context: DriverContext = {
    options,
    engine: createEngineClient(options.socketPath),
    hostRules: createHostRules(options),
    rules: await openRulesStore(join(options.home, 'rules')),
    hardLimits: await readHardLimits(),
    seccompPath: join(options.home, 'seccomp.json'),
  };
  const foreign = createForeignNetwork(options.interfacePrefix);
  const running = new Set<string>();
  return {
    kind: 'container-engine',
    prepare: async () => {
      await writeFile(context.seccompPath, JSON.stringify(seccompProfile()), { mode: 0o644 });
      await prepareHost(context);
    },
    apply: (plan) => applyEnvironment(context, plan),
    remove: (place) => removeEnvironment(context, place),
    observe: async () => {
      await context.hostRules.ensure();
      return observeEnvironments(context);
    },
    checkHealth: (plan, workload) => checkHealth(context, { plan, workload }),
    build: async (plan, buildOptions) => {
      const name = buildName(plan);
      running.add(name);
      try {
        return await buildApplication(context, plan, buildOptions);
      } finally {
        running.delete(name);
      }
    },
    sweepBuilds: (environmentId, { keep }) => sweepBuilds(context, { environmentId, keep, running }),
    streamLogs: (request) => streamLogs(context, request),
    probe: (request, plans) => probe(context, { request, plans, foreign }),
    close: async () => {
      await foreign.remove();
      await context.engine.close();
    },
  };
}
