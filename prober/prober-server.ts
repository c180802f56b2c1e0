import type { KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { ObserveRequest } from '@ringfort/contracts/agent-requests.ts';
import { ProbeRequest } from '@ringfort/contracts/probe.ts';
import { problemDocument } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import { FetchRequest, proberRequestNames, type ProberRequestName } from '@ringfort/contracts/prober-requests.ts';
import type { Clock } from '@ringfort/kit/clock.ts';
import type { Log } from '@ringfort/kit/log.ts';

import { askAgent, type AgentCall } from './ask-agent.ts';
import { fetchOutside } from './fetch-outside.ts';
import { limits } from './limits.ts';
import { parseBody, readBody } from './read-body.ts';
import { fetchTranscript, probeTranscript } from './transcripts.ts';

export type ProberOptions = {
  readonly agentSocket: string;
  /** Ed25519 private key that transcripts are signed with. */
  readonly key: KeyObject;
  readonly clock: Clock;
  readonly log: Log;
};

/** The prober's HTTP server, not yet listening. It takes the closed set of requests of `prober-requests.ts` and holds no state. */
export function createProberServer(options: ProberOptions): Server {
  const { headerBytesMax, headersTimeoutMs, requestTimeoutMs } = limits;
  const timing = { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs };
  const server = createServer({ maxHeaderSize: headerBytesMax, ...timing }, (message, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    answer(options, message, gone.signal).then(
      (value) => send(response, { status: 200, type: 'application/json', value }),
      (error: unknown) => {
        const problem = asProblem(error);
        if (problem.code === 'internal') options.log.error('Request failed', { url: message.url, error });
        const value = problemDocument(problem);
        send(response, { status: problem.status, type: 'application/problem+json', value });
        // What is left of a body that is too large is not worth reading.
        if (!message.complete) message.destroy();
      },
    );
  });
  server.maxConnections = limits.connectionsMax;
  return server;
}

async function answer(options: ProberOptions, message: IncomingMessage, signal: AbortSignal): Promise<unknown> {
  const name = message.method === 'POST' ? findName(message.url ?? '') : undefined;
  if (name === undefined) throw new Problem('not-found', `There is no request ${message.method} ${message.url}.`);
  const body = await readBody(message, limits.requestBytesMax);
  const agent: AgentCall = { socket: options.agentSocket, signal };
  switch (name) {
    case 'probe':
      return { transcript: await probeTranscript(options, agent, parseBody(body, ProbeRequest)) };
    case 'observe':
      return askAgent(agent, 'observe', parseBody(body, ObserveRequest));
    case 'fetch': {
      const request = parseBody(body, FetchRequest);
      return { transcript: await fetchTranscript(options, request, async () => fetchOutside(request, options.clock)) };
    }
    default:
      return name satisfies never;
  }
}

function findName(url: string): ProberRequestName | undefined {
  return proberRequestNames.find((name) => url === `/v1/${name}`);
}

function send(response: ServerResponse, answered: Answered): void {
  response.writeHead(answered.status, { 'content-type': answered.type });
  response.end(JSON.stringify(answered.value));
}

type Answered = { readonly status: number; readonly type: string; readonly value: unknown };

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem('internal', 'The prober met an error that it did not expect. Its log tells more.', {
    cause: error,
  });
}
