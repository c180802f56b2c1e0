import { InjectAnswer, type HealRequest, type InjectRequest } from '@ringfort/contracts/injection.ts';
import { parseProblem } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import { Client } from 'undici';
import type { z } from 'zod';

import type { Injection } from './control.ts';

/** Asks the injector to break something of a throw-away environment. The lease ends the break even if nobody heals it. */
export class InjectorClient {
  readonly #client: Client;

  constructor(options: { readonly socket: string }) {
    this.#client = new Client('http://injector', {
      socketPath: options.socket,
      headersTimeout: 30_000,
      bodyTimeout: 30_000,
    });
  }

  async inject(request: z.input<typeof InjectRequest>): Promise<Injection> {
    const { leaseId } = InjectAnswer.parse(await this.#post('/v1/inject', request));
    const heal: z.input<typeof HealRequest> = { leaseId };
    return { heal: async () => void (await this.#post('/v1/heal', heal)) };
  }

  async close(): Promise<void> {
    await this.#client.destroy();
  }

  async #post(path: string, body: object): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    const response = await this.#client
      .request({ method: 'POST', path, headers, body: JSON.stringify(body) })
      .catch((cause: unknown) => {
        throw new Problem('prober-unavailable', 'The injector does not answer at its socket.', { cause });
      });
    const text = await response.body.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.statusCode >= 300) throw parseProblem(answer);
    return answer;
  }
}
