import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import { joinRepeated } from './response-head.ts';

/** Whether a request asks for a WebSocket; other protocols are not switched to, and their request is answered as if it had not asked. */
export function asksForWebSocket(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** The client's half of the handshake (RFC 6455 §4.2.1). A body beside it would be read as frames by one side only. */
export function isValidHandshake(request: IncomingMessage): boolean {
  const { headers, httpVersion } = request;
  if (httpVersion !== '1.1' || headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) {
    return false;
  }
  const key = headers['sec-websocket-key'];
  return headers['sec-websocket-version'] === '13' && key !== undefined && /^[A-Za-z0-9+/]{22}==$/.test(key);
}

/** The server's half (RFC 6455 §4.1): it has read this very request, and answers nothing that was not offered. */
export function isValidAnswer(request: IncomingMessage, answer: IncomingHttpHeaders): boolean {
  if (joinRepeated(answer.upgrade)?.toLowerCase() !== 'websocket') return false;
  if (answer['sec-websocket-accept'] !== acceptFor(request.headers['sec-websocket-key'] ?? '')) return false;
  const { 'sec-websocket-protocol': protocol, 'sec-websocket-extensions': extensions } = answer;
  if (protocol !== undefined && !listItems(request.headers['sec-websocket-protocol']).includes(protocol)) return false;
  return extensions === undefined || request.headers['sec-websocket-extensions'] !== undefined;
}

const websocketGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** The `Sec-WebSocket-Accept` that proves that the key of the request was read (RFC 6455 §4.2.2). */
export function acceptFor(key: string): string {
  return createHash('sha1').update(`${key}${websocketGuid}`).digest('base64');
}

function listItems(value: string | undefined): readonly string[] {
  return (value ?? '').split(',').map((item) => item.trim());
}
