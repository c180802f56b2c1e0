import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Site } from '@ringfort/contracts/edge-snapshot.ts';

import type { EdgeClock } from '../edge-clock.ts';
import type { EdgeLimits } from '../limits.ts';
import type { AccessLog, LogWaiter } from '../log/access-log.ts';
import { formatLogLine } from '../log/format-log-line.ts';
import type { Admitted, NotAdmitted } from './admit-request.ts';
import type { Connection, OpenExchange } from './connection.ts';
import { errorPage } from './error-page.ts';
import type { Refusal } from './refusals.ts';
import { edgeHeaders } from './response-head.ts';

/** What works for an exchange and has to end with it. */
export type ExchangeWorker = { readonly abort: (reason: Error) => void };

/**
 * One request and its answer, from the head to the last byte. Whoever answers uses `begin`, `write` and `end`; the exchange sees
 * to it that the line of the access log is written before the last byte goes out, and that there is one line for every request,
 * also when the client goes away or the answer is cut.
 */
export class Exchange implements LogWaiter, OpenExchange {
  readonly requestId: string;
  readonly atMs: number;
  readonly startedMs: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: Connection;
  hostname = '';
  path = '';
  query = '';
  site: Site | null = null;
  component: string | null = null;
  status = 0;
  edgeReason: string | null = null;
  requestBytes = 0;
  responseBytes = 0;
  upstreamMs: number | null = null;
  upgraded = false;
  /** The client waits for `100 Continue` before it sends the body. */
  expectsContinue = false;
  worker: ExchangeWorker | undefined;
  /** Ends the answer in another way than by the end of the response: a tunnel, or a cut. */
  lastAct: (() => void) | undefined;
  readonly #context: ExchangeContext;
  #isOpen = true;
  #last: Buffer | undefined;

  constructor(context: ExchangeContext, { request, response, connection }: ExchangeParts) {
    this.#context = context;
    this.requestId = context.newRequestId();
    this.atMs = context.clock.nowMs();
    this.startedMs = context.clock.monotonicMs();
    this.request = request;
    this.response = response;
    this.connection = connection;
    context.open.add(this);
    connection.open.add(this);
    response.on('close', () => this.closed());
    response.on('error', ignore);
  }

  /** False once the answer is complete or given up: nothing may be sent any more. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Notes what was understood of the request, for the log. */
  understood({ hostname, target }: Admitted | NotAdmitted): void {
    this.hostname = hostname ?? '';
    this.path = target?.path ?? this.request.url ?? '';
    this.query = target?.query ?? '';
  }

  /** Sets the head of the answer; it is sent with the first bytes of the body. */
  begin(status: number, headers: string[]): void {
    this.status = status;
    this.response.writeHead(status, headers);
  }

  /** False when the client does not keep up: wait for the response's `drain`. */
  write(chunk: Buffer): boolean {
    this.responseBytes += chunk.length;
    return this.response.write(chunk);
  }

  /** Ends the answer; `last` and the end go out when the line is written. */
  end(last?: Buffer): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#last = last;
    this.responseBytes += last?.length ?? 0;
    this.#append();
  }

  /** Answers by itself, when nothing was sent yet; otherwise the answer is cut, so that nobody takes it for whole. */
  refuse(refusal: Refusal): void {
    if (!this.#isOpen) return;
    this.edgeReason = refusal;
    if (this.response.headersSent) return this.cut(refusal);
    const { request, response, requestId } = this;
    // A client that was not told to continue may never send the body: the next bytes could be either.
    if (this.expectsContinue || refusal === 'malformed' || refusal === 'too-many-open') {
      this.connection.isEnding = true;
      response.shouldKeepAlive = false;
    }
    const page = errorPage(refusal, { requestId, accept: request.headers.accept });
    this.begin(page.status, [...edgeHeaders(requestId, this.connection), ...page.headers]);
    this.end(request.method === 'HEAD' ? undefined : page.body);
    this.worker?.abort(new Error(refusal));
  }

  /** Breaks the connection off, after the line is written. */
  cut(reason: string): void {
    if (!this.#isOpen) return;
    this.edgeReason = reason;
    if (this.status === 0) this.status = statusOfAborted;
    this.lastAct = () => this.request.socket.destroy();
    this.end();
    this.worker?.abort(new Error(reason));
  }

  /** Ends the connection of a client that does not take the answer, be it logged already or not. */
  drop(reason: string): void {
    if (this.#isOpen) this.cut(reason);
    else this.request.socket.destroy();
  }

  /** Closes the connection behind this answer, which is on its way already. */
  endConnection(): void {
    const { request, response } = this;
    this.connection.isEnding = true;
    if (response.writableFinished) request.socket.destroy();
    else response.once('finish', () => request.socket.destroySoon());
  }

  logged(): void {
    if (this.lastAct !== undefined) return this.lastAct();
    if (this.response.destroyed) return;
    this.response.end(this.#last);
    this.#last = undefined;
    if (!this.request.complete) this.#linger();
  }

  logFailed(): void {
    this.request.socket.destroy();
  }

  /** The connection is gone, or the answer is out. */
  closed(): void {
    this.#context.open.delete(this);
    this.connection.open.delete(this);
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.status === 0) this.status = statusOfAborted;
    this.edgeReason ??= 'client-aborted';
    this.lastAct = () => undefined;
    this.#append();
    this.worker?.abort(new Error('The client went away'));
  }

  #append(): void {
    const { accessLog, edgeId, clock } = this.#context;
    accessLog.append(formatLogLine(this, { edgeId, nowMs: clock.monotonicMs() }), this);
  }

  /** Reads on for a moment what the client still sends, and then closes: closing at once would take the answer from it. */
  #linger(): void {
    const { request, response } = this;
    request.resume();
    response.once('finish', () => {
      const timer = setTimeout(() => {
        if (!request.complete) request.socket.destroy();
      }, this.#context.limits.lingerMs);
      timer.unref();
    });
  }
}

/** What an exchange needs of the process. */
export type ExchangeContext = {
  readonly edgeId: string;
  readonly accessLog: AccessLog;
  readonly open: Set<Exchange>;
  readonly newRequestId: () => string;
  readonly clock: EdgeClock;
  readonly limits: EdgeLimits;
};

export type ExchangeParts = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: Connection;
};

/** Logged for a request whose client went away before it was answered; nothing with this number is ever sent. */
const statusOfAborted = 499;

/** A response whose connection is lost says so by its `close` too, which is heard. */
function ignore(): void {}
