import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import { Hostname } from '@ringfort/contracts/names.ts';
import { createLog } from '@ringfort/kit/log.ts';
import { uuidv7 } from '@ringfort/kit/uuid.ts';

import { createAgentClient } from './agent-client.ts';
import { openDatabase } from './db/database.ts';
import type { TestDatabase } from './db/test-database.ts';
import { controlHandlers, InjectorClient, ProberClient } from './features/controls/index.ts';
import { createSourceBlobs } from './features/sources/index.ts';
import { serveRoutes } from './http/serve-routes.ts';
import { platformHandlers } from './platform-handlers.ts';
import type { RouteHandlers } from './route-handler.ts';
import { issueAdministratorToken } from './setup/issue-administrator-token.ts';

/** The whole API over a test database; requests are injected or sent to `app`'s own socket. No other program is there. */
export type TestApi = {
  readonly app: FastifyInstance;
  readonly handlers: RouteHandlers;
  readonly administrator: string;
  /** What the DNS says: name of a TXT record → its values. */
  readonly txt: Map<string, readonly string[]>;
  /** The nudges that operations sent, as `<queue>/<id>`. */
  readonly nudged: string[];
  readonly log: string[];
  readonly send: (request: TestRequest) => Promise<TestAnswer>;
  readonly close: () => Promise<void>;
};

export type TestRequest = {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** After `/v1`. */
  readonly path: string;
  /** The administrator's, unless another is given; null for none. */
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

export type TestAnswer = {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
};

export async function startTestApi(database: TestDatabase, options: TestApiOptions = {}): Promise<TestApi> {
  const clock = { nowMs: options.nowMs ?? Date.now };
  const newId = (): string => uuidv7(Date.now());
  const administrator = await issueTestToken(database, newId);
  const folder = mkdtempSync(join(tmpdir(), 'ringfort-api-'));
  const absent = { socketPath: join(folder, 'absent.sock') };
  const txt = new Map<string, readonly string[]>();
  const nudged: string[] = [];
  const log: string[] = [];
  const stopping = new AbortController();
  const services = {
    database: database.runtime,
    clock,
    newId,
    nudge: async (_tx: unknown, queue: string, target: { readonly id: string }) =>
      void nudged.push(`${queue}/${target.id}`),
  };
  const names = { appsDomain: Hostname.parse('apps.test'), platformHostname: Hostname.parse('platform.test') };
  const agent = createAgentClient(absent);
  const platform = platformHandlers({
    config: { ...names, httpsPort: 8443, region: 'test' },
    agent,
    blobs: createSourceBlobs({ folder }),
    resolveTxt: async (name) => txt.get(name) ?? [],
    version: 'test',
  });
  const pair = { runtime: database.runtime, reconciler: database.reconciler };
  const prober = new ProberClient({ socket: absent.socketPath, key: generateKeyPairSync('ed25519').publicKey });
  const injector = new InjectorClient({ socket: absent.socketPath });
  const environment = { live: pair, throwaway: pair, prober, clock, newId };
  const handlers = { ...platform, ...controlHandlers({ environment, injector, handlers: platform, services }) };
  const app = serveRoutes(handlers, {
    ...services,
    log: createLog({ program: 'control', clock, write: (line) => log.push(line) }),
    stopping: stopping.signal,
  });
  await app.ready();
  return {
    app,
    handlers,
    administrator,
    txt,
    nudged,
    log,
    send: (request) => send(app, administrator, request),
    close: async () => {
      stopping.abort();
      await Promise.all([app.close(), agent.close(), prober.close(), injector.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type TestApiOptions = { readonly nowMs?: () => number };

/** A fresh token of the administrator, whom it makes the first time. */
export async function issueTestToken(database: TestDatabase, newId: () => string): Promise<string> {
  const owner = openDatabase({
    connectionString: database.connectionString('owner'),
    applicationName: 'test',
    role: 'ringfort_owner',
    onError: () => undefined,
  });
  const text = await issueAdministratorToken(owner, { random: randomBytes, newId, nowMs: Date.now() });
  await owner.close();
  return text;
}

async function send(app: FastifyInstance, administrator: string, request: TestRequest): Promise<TestAnswer> {
  const { method = 'GET', path, token = administrator, body } = request;
  const answer = await app.inject({
    method,
    url: `/v1${path}`,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    },
    ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.statusCode, body: parseBody(answer.body), headers: answer.headers };
}

/** The object that was answered; an empty one for no body, and the text under `text` where it is not one JSON object. */
function parseBody(text: string): Readonly<Record<string, unknown>> {
  if (text === '') return {};
  if (!text.startsWith('{') || text.includes('}\n')) return { text };
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}
