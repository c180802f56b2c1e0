import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Answers with one JSON value. */
export function sendJson(response: ServerResponse, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/**
 * Answers with a line of JSON for each value, as they come, no faster than they are read. The signal that `follow` gets is aborted when the
 * reader leaves.
 */
export async function sendLines(
  response: ServerResponse,
  follow: (signal: AbortSignal) => AsyncIterable<unknown>,
): Promise<void> {
  const left = new AbortController();
  response.once('close', () => left.abort());
  const values = follow(left.signal);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  for await (const value of values) {
    const isFlowing = response.write(`${JSON.stringify(value)}\n`);
    if (!isFlowing && !left.signal.aborted) await drained(response, left.signal);
    if (left.signal.aborted) return;
  }
  response.end();
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
