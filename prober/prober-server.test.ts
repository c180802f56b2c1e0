import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { test } from 'node:test';

import { ProbeTranscript } from '@ringfort/contracts/probe.ts';
import { problemDocument } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import { TranscriptAnswer } from '@ringfort/contracts/prober-requests.ts';
import { openSigned } from '@ringfort/contracts/signed.ts';
import { createLog } from '@ringfort/kit/log.ts';

import { listenSocket } from './listen-socket.ts';
import { createProberServer } from './prober-server.ts';

const attempt = {
  action: 'attempt',
  from: { kind: 'host' },
  attempts: [{ protocol: 'tcp', address: '10.0.0.2', port: 3306 }],
};
const outcome = { outcome: 'timeout', answer: '', tookMs: 1000 };

test('createProberServer() signs the request, the raw answer and the times with its own key', async () => {
  await using place = await standInPlace(() => ({ action: 'attempt', outcomes: [outcome] }));
  const answer = await post(place.socket, '/v1/probe', attempt);
  const { transcript } = TranscriptAnswer.parse(answer.value);
  const opened = openSigned(transcript, { purpose: 'probe-transcript', key: place.publicKey, schema: ProbeTranscript });
  assert.equal(opened?.request.action, 'attempt');
  assert.deepEqual(opened?.answer, { action: 'attempt', outcomes: [outcome] });
  assert.equal(opened?.startedAt, '2026-01-01T00:00:00.000Z');
  assert.deepEqual(place.asked, ['POST /v1/probe']);
});

test('createProberServer() signs with a purpose of its own, so that a probe cannot pass for something else', async () => {
  await using place = await standInPlace(() => ({ action: 'attempt', outcomes: [outcome] }));
  const { transcript } = TranscriptAnswer.parse((await post(place.socket, '/v1/probe', attempt)).value);
  const schema = ProbeTranscript;
  assert.equal(openSigned(transcript, { purpose: 'fetch-transcript', key: place.publicKey, schema }), undefined);
  const other = generateKeyPairSync('ed25519').publicKey;
  assert.equal(openSigned(transcript, { purpose: 'probe-transcript', key: other, schema }), undefined);
});

test('createProberServer() signs nothing when the agent answers something else than was asked', async () => {
  await using place = await standInPlace(() => ({ action: 'attempt', outcomes: [] }));
  const answer = await post(place.socket, '/v1/probe', attempt);
  assert.deepEqual([answer.status, codeOf(answer.value)], [503, 'agent-unavailable']);
});

test('createProberServer() passes on what the agent observes and the problems that it has', async () => {
  const observed = { driver: 'simulated', environments: [], platformCertificates: [] };
  await using place = await standInPlace((path) => {
    if (path === '/v1/observe') return observed;
    throw new Problem('not-found', 'There is no such workload.');
  });
  assert.deepEqual((await post(place.socket, '/v1/observe', {})).value, observed);
  const answer = await post(place.socket, '/v1/probe', attempt);
  assert.deepEqual([answer.status, codeOf(answer.value)], [404, 'not-found']);
});

test('createProberServer() says that the agent is away when nobody listens', async () => {
  await using place = await standInPlace(() => ({}));
  await new Promise((resolve) => place.agent.close(resolve));
  const answer = await post(place.socket, '/v1/observe', {});
  assert.deepEqual([answer.status, codeOf(answer.value)], [503, 'agent-unavailable']);
});

test('createProberServer() refuses other requests, other forms and bodies over the limit', async () => {
  await using place = await standInPlace(() => ({}));
  const refusals = [
    await post(place.socket, '/v1/applySpec', {}),
    await post(place.socket, '/v1/probe', { action: 'attempt' }),
    await post(place.socket, '/v1/probe', { padding: 'x'.repeat(2 * 1024 * 1024) }),
  ];
  assert.deepEqual(
    refusals.map(({ value }) => codeOf(value)),
    ['not-found', 'input-invalid', 'body-too-large'],
  );
  assert.deepEqual(place.asked, []);
});

test('listenSocket() takes over a stale socket and lets owner and group alone in', async () => {
  await using place = await standInPlace(() => ({}));
  const again = createServer();
  await listenSocket(again, place.socket);
  assert.equal((await stat(place.socket)).mode & 0o777, 0o660);
  again.close();
});

type Place = AsyncDisposable & {
  readonly socket: string;
  readonly agent: Server;
  readonly asked: readonly string[];
  readonly publicKey: KeyObject;
};

/** A prober over an agent that answers what the test says. */
async function standInPlace(answer: (path: string) => unknown): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-prober-'));
  const asked: string[] = [];
  const agent = createServer((message, response) => {
    asked.push(`${message.method} ${message.url}`);
    try {
      response.end(JSON.stringify(answer(message.url ?? '')));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      response.writeHead(error.status).end(JSON.stringify(problemDocument(error)));
    }
  });
  const agentSocket = join(folder, 'agent.sock');
  await listenSocket(agent, agentSocket);
  const { privateKey } = generateKeyPairSync('ed25519');
  const clock = { nowMs: () => Date.parse('2026-01-01T00:00:00.000Z') };
  const log = createLog({ program: 'prober', clock, write: () => undefined });
  const prober = createProberServer({ agentSocket, key: privateKey, clock, log });
  const socket = join(folder, 'prober.sock');
  await listenSocket(prober, socket);
  return {
    socket,
    agent,
    asked,
    publicKey: createPublicKey(privateKey),
    [Symbol.asyncDispose]: async () => {
      prober.close();
      agent.close();
      prober.closeAllConnections();
      agent.closeAllConnections();
      await rm(folder, { recursive: true });
    },
  };
}

function post(
  socketPath: string,
  path: string,
  body: unknown,
): Promise<{ status: number | undefined; value: unknown }> {
  return new Promise((resolve, reject) => {
    const sending = request({ socketPath, path, method: 'POST', agent: false }, (response) => {
      json(response).then((value) => resolve({ status: response.statusCode, value }), reject);
    });
    sending.once('error', reject);
    sending.end(JSON.stringify(body));
  });
}

function codeOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'code' in value ? value.code : undefined;
}
