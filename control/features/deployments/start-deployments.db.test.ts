import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Agent, request } from 'undici';

import { EdgeSites, EdgeSnapshot } from '@ringfort/contracts/edge-snapshot.ts';
import { Hostname } from '@ringfort/contracts/names.ts';
import { openSigned } from '@ringfort/contracts/signed.ts';
import { systemClock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';
import { uuidv7 } from '@ringfort/kit/uuid.ts';

import { createAgentClient } from '../../agent-client.ts';
import { startTestDatabases } from '../../db/test-database.ts';
import type { TestDatabases } from '../../db/test-database.ts';
import { startDeployments } from './index.ts';
import { withTestProject } from './test-project.ts';

let databases: TestDatabases;
before(async () => {
  databases = await startTestDatabases();
});
after(() => databases.stop());

/** An edge as far as control can see: it polls, verifies and acknowledges until it is stopped. */
async function runEdge(options: {
  readonly socketPath: string;
  readonly edgeId: string;
  readonly signal: AbortSignal;
  readonly accept: (snapshot: EdgeSnapshot) => void;
}): Promise<void> {
  const dispatcher = new Agent({ connect: { socketPath: options.socketPath } });
  let version = 0;
  while (!options.signal.aborted) {
    const path = `http://control/v1/snapshot?after=${version}&edge=${options.edgeId}`;
    const answer = await request(path, { dispatcher, signal: options.signal }).catch(() => undefined);
    if (answer === undefined || answer.statusCode !== 200) continue;
    const snapshot = EdgeSnapshot.parse(await answer.body.json());
    options.accept(snapshot);
    version = snapshot.version;
    const body = JSON.stringify({ edgeId: options.edgeId, version });
    const ack = await request('http://control/v1/snapshot-acks', { method: 'POST', dispatcher, body });
    await ack.body.dump();
  }
  await dispatcher.destroy();
}

test('startDeployments() brings a first deployment into service over its sockets, with edges that poll', () =>
  withTestProject(databases, async (project, database) => {
    const folder = await mkdtemp(join(tmpdir(), 'ringfort-start-'));
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const signingKeyFile = join(folder, 'key.pem');
    await writeFile(signingKeyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const socketPath = join(folder, 'control.sock');
    const agent = createAgentClient({ socketPath: project.platform.agent.socketPath });
    const appsDomain = Hostname.parse('localhost');
    const log = createLog({ program: 'control', clock: systemClock, write: () => undefined });
    const deployments = await startDeployments({
      config: { signingKeyFile, edgeSocket: socketPath, edgeIds: ['edge-0'], appsDomain },
      database: database.reconciler,
      agent,
      blobs: project.platform.blobs,
      clock: systemClock,
      log,
      newId: () => uuidv7(systemClock.nowMs()),
      random: Math.random,
    });
    const stopping = new AbortController();
    const served: (string | null | undefined)[] = [];
    const edge = runEdge({
      socketPath,
      edgeId: 'edge-0',
      signal: stopping.signal,
      accept: (snapshot) => {
        const sites = openSigned(snapshot.sites, { purpose: 'edge-sites', key: publicKey, schema: EdgeSites });
        served.push(sites?.sites[0]?.releaseId);
      },
    });
    try {
      const id = await project.deploy();
      deployments.rounds.wake();
      const events = await project.follow(id);
      assert.equal(events.at(-1)?.line, 'Release 1 is in service');
      assert.equal(served.at(-1), (await project.releases())[0]?.id);
    } finally {
      stopping.abort();
      await edge;
      await deployments.close();
      await agent.close();
      await rm(folder, { recursive: true });
    }
  }));
