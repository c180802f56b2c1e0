import { api } from '@ringfort/contracts/api/api.ts';
import { RequestId } from '@ringfort/contracts/identifiers.ts';
import { Hostname } from '@ringfort/contracts/names.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import { authenticate } from '../../access/authenticate.ts';
import type { AgentClient } from '../../agent-client.ts';
import type { Database } from '../../db/database.ts';
import type { HandlerAnswer, HandlerRequest, RouteHandler } from '../../route-handler.ts';
import { environmentHandlers } from '../environments/index.ts';
import { projectHandlers } from '../projects/index.ts';
import { releaseHandlers } from '../releases/index.ts';
import { sourceHandlers } from '../sources/index.ts';
import type { SourceBlobs } from '../sources/source-blobs.ts';
import { workspaceHandlers } from '../workspaces/index.ts';
import { deploymentHandlers } from './index.ts';

export const testAppsDomain = Hostname.parse('localhost');

/** What a test asks for. Parameters that the route's path does not have are left out. */
export type TestCall = Partial<Pick<HandlerRequest, 'params' | 'query' | 'body' | 'bytes'>> & {
  readonly token?: string;
};

export type CallHandler = (name: keyof typeof api, call?: TestCall) => Promise<HandlerAnswer>;

/** Calls handlers as HTTP would, but without it. */
export function createCallHandler(parts: HandlerParts): CallHandler {
  const { database, clock, newId, token } = parts;
  const handlers = listHandlers(parts);
  return async (name, call = {}) => {
    const handler = handlers.find((candidate) => candidate.route === api[name]);
    if (handler === undefined) throw new Error(`The test has no handler of ${name}`);
    const { path } = handler.route;
    const params = Object.entries(call.params ?? {}).filter(([param]) => path.includes(`:${param}`));
    const request: HandlerRequest = {
      actor: await authenticate(database, call.token ?? token),
      requestId: RequestId.parse(newId()),
      path,
      params: Object.fromEntries(params),
      query: call.query ?? {},
      body: call.body,
      signal: new AbortController().signal,
      ...(call.bytes === undefined ? {} : { bytes: call.bytes }),
    };
    return handler.handle(request, { database, clock, newId, nudge: async () => undefined });
  };
}

export type HandlerParts = {
  /** As the runtime role. */
  readonly database: Database;
  readonly agent: AgentClient;
  readonly blobs: SourceBlobs;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Whose requests they are, unless a call says otherwise. */
  readonly token: string;
};

function listHandlers({ agent, blobs }: HandlerParts): readonly RouteHandler[] {
  const place = { appsDomain: testAppsDomain, httpsPort: 443, region: 'test' };
  return Object.values<RouteHandler>({
    ...workspaceHandlers,
    ...projectHandlers,
    ...releaseHandlers,
    ...environmentHandlers(place),
    ...sourceHandlers(blobs),
    ...deploymentHandlers(agent),
  });
}
