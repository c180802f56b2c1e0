import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';

import { BuildRequest, StreamLogsRequest } from '@ringfort/contracts/agent-requests.ts';
import { problemDocument } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { createAgentClient } from './agent-client.ts';
import type { AgentClient } from './agent-client.ts';

const id = '00000000-0000-7000-8000-000000000001';
const sourceDigest = 'a'.repeat(64);
const buildRequest = BuildRequest.parse({
  buildId: id,
  environmentId: id,
  component: 'web',
  runtime: 'node@24',
  sourceDigest,
});
const signal = new AbortController().signal;

/** A client of a server that answers as the test says. */
async function withAgent(answer: RequestListener, run: (agent: AgentClient) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ringfort-agent-client-'));
  const socketPath = join(folder, 'agent.sock');
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const agent = createAgentClient({ socketPath });
  try {
    await run(agent);
  } finally {
    await agent.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function count(request: IncomingMessage): Promise<number> {
  let sizeBytes = 0;
  for await (const chunk of request) if (chunk instanceof Uint8Array) sizeBytes += chunk.length;
  return sizeBytes;
}

function isUnavailable(error: unknown): boolean {
  return error instanceof Problem && error.code === 'agent-unavailable';
}

test('createAgentClient() turns an agent that is not there into the Problem agent-unavailable', async () => {
  const agent = createAgentClient({ socketPath: join(tmpdir(), 'ringfort-no-such.sock') });
  await assert.rejects(agent.observe(), isUnavailable);
  await agent.close();
});

test('observe() rejects with the Problem that the agent answered', () =>
  withAgent(
    (_request, response) => {
      response.statusCode = 503;
      response.end(JSON.stringify(problemDocument(new Problem('engine-unavailable', 'Podman is away'))));
    },
    async (agent) => {
      await assert.rejects(agent.observe(), { name: 'Problem', code: 'engine-unavailable', detail: 'Podman is away' });
    },
  ));

test('observe() rejects an answer of an unknown form', () =>
  withAgent(
    (_request, response) => response.end('{"driver":"else"}'),
    async (agent) => assert.rejects(agent.observe(), isUnavailable),
  ));

test('build() streams the archive and gives events as they come', () =>
  withAgent(
    (request, response) => {
      assert.deepEqual(JSON.parse(String(request.headers['ringfort-request'])), buildRequest);
      void count(request).then((sizeBytes) => {
        const log = { type: 'log', at: '2026-01-01T00:00:00.000Z', line: `${sizeBytes} bytes` };
        response.write(`${JSON.stringify(log)}\n`);
        response.end(`${JSON.stringify({ type: 'built', image: `sha256:${sourceDigest}`, sizeBytes })}\n`);
      });
    },
    async (agent) => {
      const source = Readable.from([Buffer.alloc(70_000), Buffer.alloc(30_000)]);
      const events = await collect(agent.build(buildRequest, { source, sizeBytes: 100_000, signal }));
      assert.deepEqual(
        events.map((event) => event.type),
        ['log', 'built'],
      );
      assert.equal(events[0]?.type === 'log' && events[0].line, '100000 bytes');
      assert.equal(source.destroyed, true);
    },
  ));

test('build() rejects when the agent breaks off in the middle', () =>
  withAgent(
    (_request, response) => {
      response.write('{"type":"log","at":"2026-01-01T00:00:00.000Z","line":"one"}\n');
      setImmediate(() => response.destroy());
    },
    async (agent) => {
      const call = { source: Readable.from([Buffer.from('x')]), sizeBytes: 1, signal };
      await assert.rejects(collect(agent.build(buildRequest, call)), isUnavailable);
    },
  ));

test('streamLogs() refuses a line that is longer than any of ours', () =>
  withAgent(
    (_request, response) => response.end(`"${'x'.repeat(300 * 1024)}"`),
    async (agent) => {
      const request = StreamLogsRequest.parse({ environmentId: id });
      await assert.rejects(collect(agent.streamLogs(request, { signal })), isUnavailable);
    },
  ));
