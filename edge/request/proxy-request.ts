import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';

import type { Dispatcher } from 'undici';

import type { EdgeContext } from '../edge-context.ts';
import { edgeLimits } from '../limits.ts';
import { chooseUpstream } from '../upstream/choose-upstream.ts';
import { upstreamFailure, type UpstreamFailure } from '../upstream/upstream-failure.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Admitted } from './admit-request.ts';
import type { Exchange, ExchangeWorker } from './exchange.ts';
import { findUpstreams } from './find-upstreams.ts';
import { flushSoon } from './flush-soon.ts';
import type { Refusal } from './refusals.ts';
import { BodyError, hasBody, RequestBody } from './request-body.ts';
import { edgeHeaders, responseHeaders } from './response-head.ts';
import { switchToTunnel, type UpgradeParts } from './tunnel.ts';
import { upstreamHeaders } from './upstream-headers.ts';

/**
 * Carries one request to an application and its answer back, as a stream both ways with back-pressure. A request that never left,
 * or that may safely be repeated and of whose answer nothing has come, is sent once more: over a fresh connection, to another
 * replica where there is one.
 */
export class ProxyRequest implements Dispatcher.DispatchHandler, ExchangeWorker {
  readonly #context: EdgeContext;
  readonly #exchange: Exchange;
  readonly #admitted: Admitted;
  readonly #upgrade: UpgradeParts | undefined;
  readonly #body: RequestBody | null;
  readonly #options: Dispatcher.DispatchOptions;
  /** Where the request is open now, and where it has failed. */
  #upstream: Upstream | undefined;
  #failed: Upstream | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #isRetry = false;
  #isSent = false;
  #isAnswered = false;
  #interimResponses = 0;
  /** Bytes of the body still to come; NaN when the answer does not say. */
  #missing = Number.NaN;
  /** The newest part of the body, kept back until the turn ends or the next part comes, since it may be the last. */
  #held: Buffer | undefined;
  #hasDrainListener = false;

  constructor(context: EdgeContext, { exchange, admitted, upgrade }: ProxyParts) {
    this.#context = context;
    this.#exchange = exchange;
    this.#admitted = admitted;
    this.#upgrade = upgrade;
    this.#body = hasBody(admitted.head) ? new RequestBody(exchange, context.limits.bodyBytesMax) : null;
    this.#options = {
      method: exchange.request.method ?? 'GET',
      path: admitted.target.originForm,
      headers: upstreamHeaders(exchange, { admitted, port: context.httpsPort }),
      body: this.#body,
      upgrade: upgrade === undefined ? null : 'websocket',
    };
    exchange.worker = this;
  }

  /** Sends the request on its way. The host is looked up here, so that a repetition sees the newest snapshot. */
  start(): void {
    const { hostname, target } = this.#admitted;
    const found = findUpstreams(this.#context.serving.table.get(hostname), target.path);
    this.#exchange.site = found.site;
    this.#exchange.component = found.component;
    if (found.refusal !== undefined) return this.#refuse(found.refusal);
    const clock = this.#context.clock;
    const turn = Math.trunc(this.#exchange.startedMs * 1_000);
    const upstream = chooseUpstream(found.upstreams, { turn, nowMs: clock.nowMs(), except: this.#failed });
    if (upstream === undefined) return this.#refuse('upstream-busy');
    this.#upstream = upstream;
    upstream.open += 1;
    this.#isSent = false;
    if (this.#isRetry) upstream.dispatchFresh(this.#options, this);
    else upstream.dispatch(this.#options, this);
  }

  abort(reason: Error): void {
    this.#body?.destroy(reason);
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#isSent = true;
    if (!this.#exchange.isOpen) controller.abort(new Error('The client went away'));
  }

  onResponseStarted(): void {
    this.#isAnswered = true;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return this.#countInterim(controller, status);
    const exchange = this.#exchange;
    if (!exchange.isOpen) return;
    const { requestId, connection } = exchange;
    const { hostname } = this.#admitted;
    exchange.upstreamMs = this.#context.clock.monotonicMs() - exchange.startedMs;
    this.#missing = bodyLength(exchange.request.method, status, headers);
    exchange.begin(status, edgeHeaders(requestId, connection).concat(responseHeaders(headers, { status, hostname })));
    flushSoon(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#held !== undefined) this.#send(this.#held, controller);
    else if (this.#missing !== chunk.length) flushSoon(this);
    this.#held = chunk;
    this.#missing -= chunk.length;
  }

  onResponseEnd(): void {
    this.#leave();
    const last = this.#held;
    this.#held = undefined;
    this.#exchange.end(last);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#leave();
    if (!this.#exchange.isOpen) return;
    if (error instanceof BodyError) return this.#giveUp(error);
    const failure = upstreamFailure(error);
    if (!this.#isSent && this.#failed !== undefined) {
      this.#failed.restsUntilMs = this.#context.clock.nowMs() + edgeLimits.upstreamRestMs;
    }
    if (this.#mayRepeat(failure)) return this.#repeat();
    this.#refuse(this.#exchange.site === null ? 'control-down' : failure);
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    _status: number,
    ...[headers, socket]: [IncomingHttpHeaders, Duplex]
  ): void {
    const exchange = this.#exchange;
    if (this.#upgrade === undefined || !exchange.isOpen) {
      socket.destroy();
      return this.#leave();
    }
    exchange.upstreamMs = this.#context.clock.monotonicMs() - exchange.startedMs;
    const { hostname } = this.#admitted;
    const whenClosed = (): void => this.#leave();
    const isSwitched = switchToTunnel(exchange, { ...this.#upgrade, upstream: socket, headers, hostname, whenClosed });
    if (isSwitched) return;
    this.#leave();
    this.#refuse('upstream-invalid');
  }

  /** At the end of the turn: what was kept back goes out, or the head alone. */
  flush(): void {
    const controller = this.#controller;
    if (!this.#exchange.isOpen || controller === undefined) return;
    if (this.#missing === 0) return;
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) this.#exchange.response.flushHeaders();
    else this.#send(held, controller);
  }

  #send(chunk: Buffer, controller: Dispatcher.DispatchController): void {
    if (!this.#exchange.isOpen || this.#exchange.write(chunk)) return;
    controller.pause();
    if (this.#hasDrainListener) return;
    this.#hasDrainListener = true;
    this.#exchange.response.on('drain', () => controller.resume());
  }

  #countInterim(controller: Dispatcher.DispatchController, status: number): void {
    this.#interimResponses += 1;
    if (status === 101 || this.#interimResponses > edgeLimits.interimResponsesMax) {
      controller.abort(new Error('The application sent too many interim answers, or switched protocols unasked'));
    }
  }

  #mayRepeat(failure: UpstreamFailure): boolean {
    if (this.#isRetry || this.#isAnswered) return false;
    if (!this.#isSent) return true;
    return failure === 'upstream-reset' && this.#body === null && isIdempotent(this.#options.method);
  }

  #repeat(): void {
    this.#isRetry = true;
    this.#controller = undefined;
    this.start();
  }

  #giveUp({ refusal }: BodyError): void {
    if (refusal === 'client-aborted') this.#exchange.cut(refusal);
    else this.#refuse(refusal);
  }

  #refuse(refusal: Refusal): void {
    this.#body?.destroy();
    this.#exchange.refuse(refusal);
  }

  /** Counted down once for each time that `start` counted up. */
  #leave(): void {
    if (this.#upstream === undefined) return;
    this.#upstream.open -= 1;
    this.#failed = this.#upstream;
    this.#upstream = undefined;
  }
}

export type ProxyParts = {
  readonly exchange: Exchange;
  readonly admitted: Admitted;
  readonly upgrade: UpgradeParts | undefined;
};

/** RFC 9110 §9.2.2. */
function isIdempotent(method: string): boolean {
  return ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].includes(method);
}

/** How many bytes of body an answer has (RFC 9112 §6.3); NaN when that shows only at its end. */
function bodyLength(method: string | undefined, status: number, headers: IncomingHttpHeaders): number {
  if (method === 'HEAD' || status === 204 || status === 304) return 0;
  return Number(headers['content-length'] ?? Number.NaN);
}
