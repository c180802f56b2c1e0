import type { KeyObject } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import { ProbeRequest, ProbeTranscript } from '@ringfort/contracts/probe.ts';
import { parseProblem } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import { openSigned, Signed } from '@ringfort/contracts/signed.ts';
import { Client } from 'undici';
import { z } from 'zod';

const answerTimeoutMs = 60_000;
const Answer = z.object({ transcript: Signed });

/** Asks the prober at its socket. The transcript has to be signed by `key` and to be of this very request. */
export class ProberClient {
  readonly #client: Client;
  readonly #key: KeyObject;

  constructor(options: { readonly socket: string; readonly key: KeyObject }) {
    const timeouts = { headersTimeout: answerTimeoutMs, bodyTimeout: answerTimeoutMs };
    this.#client = new Client('http://prober', { socketPath: options.socket, pipelining: 1, ...timeouts });
    this.#key = options.key;
  }

  async probe(request: z.input<typeof ProbeRequest>): Promise<ProbeTranscript> {
    const response = await this.#post(JSON.stringify(request));
    const body: unknown = await response.body.json();
    if (response.statusCode !== 200) throw parseProblem(body);
    const { transcript } = Answer.parse(body);
    const opened = openSigned(transcript, { purpose: 'probe-transcript', key: this.#key, schema: ProbeTranscript });
    if (opened === undefined)
      throw new Problem('prober-unavailable', 'The transcript is not signed by the prober’s key.');
    if (!isDeepStrictEqual(opened.request, ProbeRequest.parse(request)))
      throw new Problem('prober-unavailable', 'The transcript is of another request.');
    return opened;
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }

  async #post(body: string): ReturnType<Client['request']> {
    try {
      return await this.#client.request({
        method: 'POST',
        path: '/v1/probe',
        headers: { 'content-type': 'application/json' },
        body,
      });
    } catch (cause) {
      throw new Problem('prober-unavailable', 'The prober does not answer at its socket.', { cause });
    }
  }
}
