import { Client, type Dispatcher } from 'undici';

import { backOffMs } from '@ringfort/kit/back-off.ts';
import type { Log } from '@ringfort/kit/log.ts';
import { wait } from '@ringfort/kit/wait.ts';

import { edgeLimits } from '../limits.ts';

/**
 * Asks control for newer snapshots, one long poll after the other, and tells it which version is served, until `stop` is aborted.
 * Control being away, slow or wrong only means asking again later: nothing here ends the edge.
 */
export async function followSnapshots(options: FollowOptions): Promise<void> {
  const client = new Client('http://control', {
    socketPath: options.socketPath,
    headersTimeout: edgeLimits.snapshotPollTimeoutMs,
    bodyTimeout: edgeLimits.snapshotPollTimeoutMs,
    pipelining: 0,
  });
  let failures = 0;
  let acknowledged = 0;
  while (!options.stop.aborted) {
    try {
      const version = options.version();
      if (acknowledged !== version && version > 0) {
        await acknowledge(client, { ...options, acknowledging: version });
        acknowledged = version;
      }
      const document = await poll(client, options);
      failures = 0;
      // A control that has nothing new and does not hold the poll must not be asked without a pause.
      if (document === undefined) await wait(edgeLimits.snapshotRetryMsMin, options.stop);
      else if (!(await options.accept(document))) throw new Error('The snapshot was refused');
    } catch (error) {
      if (options.stop.aborted) break;
      // Another control may answer next: it has to hear again what is served here.
      acknowledged = 0;
      if (failures === 0) options.log.warn('Control gives no snapshot; what is served stays', { error });
      await wait(retryMs(failures, options.random), options.stop);
      failures += 1;
    }
  }
  await client.destroy();
}

export type FollowOptions = {
  readonly socketPath: string;
  readonly edgeId: string;
  readonly stop: AbortSignal;
  /** The version that is served now; 0 for none. */
  readonly version: () => number;
  readonly accept: (document: unknown) => Promise<boolean>;
  readonly random: () => number;
  readonly log: Log;
};

function retryMs(failures: number, random: () => number): number {
  const { snapshotRetryMsMin: delayMsMin, snapshotRetryMsMax: delayMsMax } = edgeLimits;
  return backOffMs(failures, { delayMsMin, delayMsMax, random });
}

async function poll(client: Client, { version, edgeId, stop }: FollowOptions): Promise<unknown> {
  const path = `/v1/snapshot?after=${version()}&edge=${encodeURIComponent(edgeId)}`;
  const answer = await client.request({ method: 'GET', path, signal: stop });
  const text = await readBounded(answer.body);
  if (answer.statusCode === 204) return undefined;
  if (answer.statusCode !== 200) throw new Error(`Control answered ${answer.statusCode}`);
  return JSON.parse(text);
}

async function acknowledge(client: Client, options: FollowOptions & { readonly acknowledging: number }): Promise<void> {
  const body = JSON.stringify({ edgeId: options.edgeId, version: options.acknowledging });
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', path: '/v1/snapshot-acks', headers, body, signal: options.stop } as const;
  const answer = await client.request(request);
  await readBounded(answer.body);
  if (answer.statusCode !== 204) throw new Error(`Control answered ${answer.statusCode} to an acknowledgement`);
}

async function readBounded(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) throw new Error('The answer is not made of bytes');
    bytes += chunk.length;
    if (bytes > edgeLimits.snapshotBytesMax)
      throw new Error(`The snapshot has more than ${edgeLimits.snapshotBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
