import { createPrivateKey } from 'node:crypto';
import { chmod, readFile, rm } from 'node:fs/promises';
import type { Server } from 'node:http';

import type { ControlConfig } from '@ringfort/contracts/program-config.ts';
import type { Clock } from '@ringfort/kit/clock.ts';
import type { Log } from '@ringfort/kit/log.ts';

import type { AgentClient } from '../../agent-client.ts';
import type { Database } from '../../db/database.ts';
import { watchNewestSnapshot } from '../edge-snapshots/newest-snapshot.ts';
import { serveEdges } from '../edge-snapshots/serve-edges.ts';
import type { SourceBlobs } from '../sources/source-blobs.ts';
import { createAgentMemory } from './agent-memory.ts';
import { createBuildFollowers } from './follow-builds.ts';
import { startRounds } from './start-rounds.ts';
import type { Rounds } from './start-rounds.ts';

/** Starts what brings environments to what is wanted of them: the rounds, and the server of the edges' socket. */
export async function startDeployments(options: DeploymentOptions): Promise<Deployments> {
  const { config, database, agent, clock, log, blobs } = options;
  const key = createPrivateKey(await readFile(config.signingKeyFile, 'utf8'));
  const newest = watchNewestSnapshot(database);
  const stopping = new AbortController();
  const wake = (): void => rounds.wake();
  const builds = createBuildFollowers({ agent, database, blobs, clock, log, onResult: wake });
  const rounds = startRounds({
    database,
    agent,
    builds,
    newest,
    memory: createAgentMemory(),
    appsDomain: config.appsDomain,
    key,
    clock,
    log,
    newId: options.newId,
    random: options.random,
    sinceMs: clock.nowMs(),
  });
  const server = serveEdges({
    database,
    newest,
    edgeIds: config.edgeIds,
    clock,
    log,
    onAck: wake,
    stopping: stopping.signal,
  });
  await listen(server, config.edgeSocket);
  return {
    rounds,
    close: async () => {
      stopping.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, rounds.close(), builds.close()]);
    },
  };
}

export type DeploymentOptions = {
  readonly config: Pick<ControlConfig, 'signingKeyFile' | 'edgeSocket' | 'edgeIds' | 'appsDomain'>;
  /** As the reconcilers' role. */
  readonly database: Database;
  readonly agent: AgentClient;
  readonly blobs: SourceBlobs;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  readonly random: () => number;
};

export type Deployments = { readonly rounds: Rounds; readonly close: () => Promise<void> };

/** The supervisor made the folder so that only edges get to it; a file that is left from before goes first. */
async function listen(server: Server, socketPath: string): Promise<void> {
  await rm(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  await chmod(socketPath, 0o660);
}
