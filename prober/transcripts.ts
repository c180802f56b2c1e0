import type { KeyObject } from 'node:crypto';

import { ProbeAnswer, type ProbeRequest, type ProbeTranscript } from '@ringfort/contracts/probe.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { FetchAnswer, FetchRequest, FetchTranscript } from '@ringfort/contracts/prober-requests.ts';
import { signJson, type Signed } from '@ringfort/contracts/signed.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import { askAgent, type AgentCall } from './ask-agent.ts';

export type Signer = { readonly key: KeyObject; readonly clock: Clock };

/**
 * Has the agent place a probe and signs what was asked, the raw answer and when. An answer to something else than what was asked is refused:
 * nothing is signed that was not seen.
 */
export async function probeTranscript(signer: Signer, agent: AgentCall, request: ProbeRequest): Promise<Signed> {
  const startedAt = now(signer.clock);
  const answer = ProbeAnswer.safeParse(await askAgent(agent, 'probe', request));
  if (!answer.success || !isAnswerTo(request, answer.data))
    throw new Problem('agent-unavailable', 'The agent’s answer does not belong to the probe that was asked for.');
  const transcript: ProbeTranscript = { v: 1, startedAt, finishedAt: now(signer.clock), request, answer: answer.data };
  return signJson(transcript, { purpose: 'probe-transcript', key: signer.key });
}

/** Takes a look from outside and signs it. */
export async function fetchTranscript(
  signer: Signer,
  request: FetchRequest,
  look: () => Promise<FetchAnswer>,
): Promise<Signed> {
  const startedAt = now(signer.clock);
  const answer = await look();
  const transcript: FetchTranscript = { v: 1, startedAt, finishedAt: now(signer.clock), request, answer };
  return signJson(transcript, { purpose: 'fetch-transcript', key: signer.key });
}

function isAnswerTo(request: ProbeRequest, answer: ProbeAnswer): boolean {
  if (request.action === 'attempt' && answer.action === 'attempt')
    return answer.outcomes.length === request.attempts.length;
  return request.action === answer.action;
}

function now(clock: Clock): string {
  return new Date(clock.nowMs()).toISOString();
}
