import { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import type { EdgeContext } from '../edge-context.ts';
import { connectionOf } from './connection.ts';
import { Exchange } from './exchange.ts';
import { responseOnSocket } from './handle-request.ts';
import type { Refusal } from './refusals.ts';

/**
 * Answers what Node's parser refused, and logs it. While an answer is under way nothing is put into it: if it has not begun the
 * refusal takes its place, otherwise the connection is broken off.
 */
export function handleClientError(context: EdgeContext, error: Error, socket: Socket): void {
  const refusal = refusalOf(error);
  if (refusal === undefined || !socket.writable) {
    socket.destroy();
    return;
  }
  const connection = connectionOf(socket);
  if (connection.open.size === 0 && context.accessLog.isWritable) {
    const request = new IncomingMessage(socket);
    request.httpVersion = '1.1';
    const exchange = new Exchange(context, { request, response: responseOnSocket(request, socket), connection });
    exchange.refuse(refusal);
    return;
  }
  const [first, ...others] = connection.open;
  if (first === undefined || others.length > 0) socket.destroy();
  else if (first.isOpen) first.refuse(refusal === 'head-timeout' ? 'body-timeout' : refusal);
  else first.endConnection();
}

/** Undefined for what is no fault of the request's: a lost connection, a TLS error. */
function refusalOf(error: Error): Refusal | undefined {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'head-timeout';
  if (code === 'HPE_HEADER_OVERFLOW') return 'head-too-large';
  return code.startsWith('HPE_') ? 'malformed' : undefined;
}
