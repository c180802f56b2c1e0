import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

import type { ProbeOutcome } from '@ringfort/contracts/probe.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import type { ChildAttempt } from './child-task.ts';
import { dnsQuery } from './dns-query.ts';

const answerBytesMax = 512;

/** Makes all attempts at the same time, each with its own deadline. Outcomes come in the order of the attempts. */
export function attemptAll(attempts: readonly ChildAttempt[], options: AttemptOptions): Promise<ProbeOutcome[]> {
  return Promise.all(attempts.map((attempt) => attemptOne(attempt, options)));
}

export type AttemptOptions = { readonly timeoutMs: number; readonly clock: Clock };

/** A link-local address is tried by each interface; the outcome that got furthest counts. */
async function attemptOne(attempt: ChildAttempt, options: AttemptOptions): Promise<ProbeOutcome> {
  const address = attempt.protocol === 'dns' ? attempt.server : attempt.address;
  const outcomes = await Promise.all(addressesOf(address).map((each) => send(attempt, each, options)));
  const order = ['answered', 'silent', 'refused', 'timeout', 'unreachable'];
  const [best] = outcomes.toSorted((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  return best ?? { outcome: 'unreachable', answer: '', tookMs: 0 };
}

function addressesOf(address: string): readonly string[] {
  if (!/^fe[89ab][0-9a-f]:/i.test(address)) return [address];
  const interfaces = Object.keys(networkInterfaces()).filter((name) => name !== 'lo');
  return interfaces.map((name) => `${address}%${name}`);
}

async function send(
  attempt: ChildAttempt,
  address: string,
  { timeoutMs, clock }: AttemptOptions,
): Promise<ProbeOutcome> {
  const startedMs = clock.nowMs();
  const { outcome, answer } = await transfer(attempt, address, timeoutMs);
  return { outcome, answer: answer.toString('base64'), tookMs: clock.nowMs() - startedMs };
}

function transfer(attempt: ChildAttempt, address: string, timeoutMs: number): Promise<Transfer> {
  switch (attempt.protocol) {
    case 'tcp':
      return overTcp({ address, port: attempt.port, payload: attempt.payload, timeoutMs });
    case 'udp':
      return overUdp({ address, port: attempt.port, payload: Buffer.from(attempt.payload), timeoutMs });
    case 'dns':
      return overUdp({ address, port: 53, payload: dnsQuery(attempt.name), timeoutMs });
    default:
      return attempt satisfies never;
  }
}

type Transfer = { readonly outcome: ProbeOutcome['outcome']; readonly answer: Buffer };
type Target<P> = { readonly address: string; readonly port: number; readonly payload: P; readonly timeoutMs: number };

function overTcp({ address, port, payload, timeoutMs }: Target<string>): Promise<Transfer> {
  const { promise, resolve } = Promise.withResolvers<Transfer>();
  const socket = connect({ host: address, port });
  let isConnected = false;
  const end = (outcome: ProbeOutcome['outcome'], answer = Buffer.alloc(0)): void => {
    clearTimeout(timer);
    socket.destroy();
    resolve({ outcome, answer: answer.subarray(0, answerBytesMax) });
  };
  const timer = setTimeout(() => end(isConnected ? 'silent' : 'timeout'), timeoutMs);
  socket.once('connect', () => {
    isConnected = true;
    if (payload !== '') socket.write(payload);
  });
  socket.once('data', (answer) => end('answered', answer));
  socket.once('end', () => end('silent'));
  socket.once('error', (error) => end(isConnected ? 'silent' : outcomeOf(error)));
  return promise;
}

/** A connected socket, because only such a one hears that its port was refused. */
function overUdp({ address, port, payload, timeoutMs }: Target<Buffer>): Promise<Transfer> {
  const { promise, resolve } = Promise.withResolvers<Transfer>();
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  let isOver = false;
  const end = (outcome: ProbeOutcome['outcome'], answer = Buffer.alloc(0)): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    socket.close();
    resolve({ outcome, answer: answer.subarray(0, answerBytesMax) });
  };
  const timer = setTimeout(() => end('timeout'), timeoutMs);
  socket.on('error', (error) => end(outcomeOf(error)));
  socket.once('message', (answer) => end('answered', answer));
  socket.connect(port, address, () => {
    if (!isOver) socket.send(payload, (error) => (error === null ? undefined : end(outcomeOf(error))));
  });
  return promise;
}

function outcomeOf(error: Error): ProbeOutcome['outcome'] {
  const code = 'code' in error ? error.code : '';
  if (code === 'ECONNREFUSED') return 'refused';
  return code === 'ETIMEDOUT' ? 'timeout' : 'unreachable';
}
