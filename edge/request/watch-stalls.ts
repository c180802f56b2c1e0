import type { EdgeContext } from '../edge-context.ts';
import type { EdgeLimits } from '../limits.ts';
import type { Exchange } from './exchange.ts';

/** How far an exchange had come when it was last seen to move. */
type Progress = { requestBytes: number; requestMovedMs: number; unsentBytes: number; unsentMovedMs: number };

/**
 * Ends exchanges whose client sends its body or takes its answer too slowly. One timer looks at all of them: a timer for each
 * request would cost more than the request's routing. Returns how to stop it.
 */
export function watchStalls(context: EdgeContext): () => void {
  const { limits } = context;
  const progress = new WeakMap<Exchange, Progress>();
  const look = (): void => {
    const nowMs = context.clock.monotonicMs();
    for (const exchange of context.open) {
      const known = progress.get(exchange) ?? begun(exchange);
      progress.set(exchange, known);
      if (sendsTooSlowly(exchange, known, { nowMs, limits })) exchange.refuse('body-timeout');
      else if (readsTooSlowly(exchange, known, { nowMs, limits })) exchange.drop('client-stalled');
    }
  };
  const timer = setInterval(look, limits.stallCheckIntervalMs).unref();
  return () => clearInterval(timer);
}

type Look = { readonly nowMs: number; readonly limits: EdgeLimits };

function begun(exchange: Exchange): Progress {
  const { startedMs } = exchange;
  return { requestBytes: 0, requestMovedMs: startedMs, unsentBytes: 0, unsentMovedMs: startedMs };
}

/** A body that nobody reads at the moment is late through no fault of its client. */
function sendsTooSlowly(exchange: Exchange, known: Progress, { nowMs, limits }: Look): boolean {
  const { request, requestBytes, startedMs } = exchange;
  if (request.complete || exchange.upgraded || !exchange.isOpen) return false;
  if (request.isPaused() || exchange.expectsContinue) known.requestMovedMs = nowMs;
  else if (requestBytes !== known.requestBytes) {
    known.requestBytes = requestBytes;
    known.requestMovedMs = nowMs;
  }
  if (nowMs - known.requestMovedMs > limits.bodyIdleMsMax) return true;
  const tookMs = nowMs - startedMs;
  if (request.isPaused() || tookMs < limits.bodyGraceMs) return false;
  return requestBytes < (limits.bodyBytesPerSecondMin * tookMs) / 1_000;
}

/** Only what is ready for the client and not taken counts; an application that has nothing to say does not. */
function readsTooSlowly(exchange: Exchange, known: Progress, { nowMs, limits }: Look): boolean {
  const { socket } = exchange.request;
  const unsentBytes = socket.writableLength;
  if (unsentBytes === 0 || unsentBytes !== known.unsentBytes) {
    known.unsentBytes = unsentBytes;
    known.unsentMovedMs = nowMs;
  }
  return nowMs - known.unsentMovedMs > limits.readIdleMsMax;
}
