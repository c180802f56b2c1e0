import { request, type IncomingMessage } from 'node:http';

import { parseProblem } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { limits } from './limits.ts';
import { readBody } from './read-body.ts';

/** The agent's socket for the prober; `signal` ends the request when nobody waits for it any more. */
export type AgentCall = { readonly socket: string; readonly signal: AbortSignal };

/**
 * Sends one request to the agent and gives the JSON of its answer, unparsed. Rejects with the agent's own problem, or with
 * `agent-unavailable` when it cannot be reached, does not answer in time or not in JSON.
 */
export async function askAgent(agent: AgentCall, name: 'probe' | 'observe', body: unknown): Promise<unknown> {
  try {
    const signal = AbortSignal.any([agent.signal, AbortSignal.timeout(limits.agentTimeoutMs)]);
    const answer = await exchange(agent.socket, `/v1/${name}`, { text: JSON.stringify(body), signal });
    const value: unknown = JSON.parse((await readBody(answer, limits.agentAnswerBytesMax)).toString('utf8'));
    if (answer.statusCode === 200) return value;
    throw parseProblem(value);
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('agent-unavailable', `The agent did not answer the request “${name}”.`, { cause: error });
  }
}

type Message = { readonly text: string; readonly signal: AbortSignal };

function exchange(socketPath: string, path: string, { text, signal }: Message): Promise<IncomingMessage> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve, reject) => {
    const sending = request({ socketPath, path, method: 'POST', headers, signal, agent: false }, resolve);
    sending.once('error', reject);
    sending.end(text);
  });
}
