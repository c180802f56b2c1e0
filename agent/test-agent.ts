import { request } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

import { ObserveAnswer, type ObservedEnvironment } from '@ringfort/contracts/agent-requests.ts';
import { parseProblem } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { AgentConfig } from '@ringfort/contracts/program-config.ts';
import { createSimulatedDriver } from '@ringfort/drivers/simulated/simulated.ts';
import { systemClock as clock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';
import { wait } from '@ringfort/kit/wait.ts';

import { startAgent, type Agent } from './start-agent.ts';
import { testConfig } from './test-config.ts';

/** For tests: an agent over the simulated driver in a temporary folder, reached by its sockets as by other programs. */
export type TestAgent = {
  readonly config: AgentConfig;
  /** The answer's text; a refusal rejects with its `Problem`. */
  readonly ask: (name: string, ask?: Ask) => Promise<string>;
  /** The only environment that is there, once it is as the test wants it. */
  readonly until: (isThere: (environment: ObservedEnvironment) => boolean) => Promise<ObservedEnvironment>;
  readonly observe: () => Promise<readonly ObservedEnvironment[]>;
  /** Ends the agent and starts another over the same folder. */
  readonly restart: () => Promise<void>;
};

export type Ask = {
  readonly body?: unknown;
  readonly socket?: 'controlSocket' | 'proberSocket';
  readonly headers?: Readonly<Record<string, string>>;
};

export async function startTestAgent(context: TestContext): Promise<TestAgent> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-agent-'));
  const config = await testConfig(folder);
  let agent = await startOver(config);
  context.after(async () => {
    await agent.close();
    await rm(folder, { recursive: true, force: true });
  });
  const ask: TestAgent['ask'] = (name, options = {}) => askAgent(config, { name, ...options });
  const observe: TestAgent['observe'] = async () => ObserveAnswer.parse(JSON.parse(await ask('observe'))).environments;
  return {
    config,
    ask,
    observe,
    until: async (isThere) => {
      for (;;) {
        const [environment] = await observe().catch(waitForEngine);
        if (environment !== undefined && isThere(environment)) return environment;
        await wait(10);
      }
    },
    restart: async () => {
      await agent.close();
      agent = await startOver(config);
    },
  };
}

async function startOver(config: AgentConfig): Promise<Agent> {
  const driver = await createSimulatedDriver({ clock, file: join(config.home, 'simulated.json') });
  const log = createLog({ program: 'agent', clock, write: () => {} });
  return startAgent({ config, driver, clock, random: Math.random, log });
}

/** A restarted agent says so until it has seen what runs. */
function waitForEngine(error: unknown): readonly ObservedEnvironment[] {
  if (error instanceof Problem && error.code === 'engine-unavailable') return [];
  throw error;
}

/** One request to an agent, as another program sends it. The answer's text; a refusal rejects with its `Problem`. */
export function askAgent(
  config: AgentConfig,
  { name, body = {}, socket = 'controlSocket', headers = {} }: Ask & { name: string },
): Promise<string> {
  const options = { socketPath: config[socket], path: `/v1/${name}`, method: 'POST', agent: false, headers };
  return new Promise((resolve, reject) => {
    const asked = request(options, (answer) => {
      const isGood = answer.statusCode === 200;
      text(answer).then((all) => (isGood ? resolve(all) : reject(parseProblem(JSON.parse(all)))), reject);
    });
    asked.once('error', reject).end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
  });
}
