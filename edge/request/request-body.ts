import { Readable } from 'node:stream';

import type { Exchange } from './exchange.ts';
import type { RequestHead } from './request-head.ts';

/** A body that was given up: too long, or its client went away. */
export class BodyError extends Error {
  readonly refusal: 'body-too-large' | 'client-aborted';

  constructor(refusal: 'body-too-large' | 'client-aborted') {
    super(refusal);
    this.refusal = refusal;
  }
}

/**
 * The body of a request on its way to the application, counted and limited, without its trailers. It is a stream of its own,
 * because the dispatcher destroys what it is given when the application fails, and the client's connection has to outlive that.
 */
export class RequestBody extends Readable {
  readonly #exchange: Exchange;
  readonly #bytesMax: number;
  #isAsked = false;

  constructor(exchange: Exchange, bytesMax: number) {
    super({ highWaterMark: 64 * 1024 });
    this.#exchange = exchange;
    this.#bytesMax = bytesMax;
    const { request } = exchange;
    // Who is given the body stops listening once the answer is there; a late error must not end the process.
    this.on('error', () => undefined);
    request.on('data', this.#take);
    request.on('end', this.#finish);
    request.on('error', this.#abort);
    request.on('close', this.#abort);
    request.pause();
  }

  override _read(): void {
    const { request, response, expectsContinue } = this.#exchange;
    if (!this.#isAsked && expectsContinue && !response.headersSent) {
      this.#exchange.expectsContinue = false;
      response.writeContinue();
    }
    this.#isAsked = true;
    request.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    const { request } = this.#exchange;
    request.off('data', this.#take);
    request.off('end', this.#finish);
    request.off('close', this.#abort);
    // The listener for errors stays: an unheard one would end the process.
    callback(error);
  }

  readonly #take = (chunk: Buffer): void => {
    this.#exchange.requestBytes += chunk.length;
    if (this.#exchange.requestBytes > this.#bytesMax) this.destroy(new BodyError('body-too-large'));
    else if (!this.push(chunk)) this.#exchange.request.pause();
  };

  readonly #finish = (): void => {
    this.push(null);
  };

  readonly #abort = (): void => {
    if (!this.#exchange.request.complete) this.destroy(new BodyError('client-aborted'));
  };
}

/** Whether a body follows the head (RFC 9112 §6). */
export function hasBody(head: RequestHead): boolean {
  return head.transferEncodings > 0 || Number(head.contentLength ?? 0) > 0;
}
