import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, test } from 'node:test';

import { createResolveTxt } from './dns-txt.ts';

let socket: Socket;
let answer: (query: Buffer) => Buffer;

before(async () => {
  socket = createSocket('udp4');
  socket.on('message', (query, from) => socket.send(answer(query), from.port, from.address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
});
after(() => socket.close());

const resolve = (): ReturnType<ReturnType<typeof createResolveTxt>> =>
  createResolveTxt([`127.0.0.1:${socket.address().port}`])('_ringfort.example.org');

/** An answer (RFC 1035 §4) with this code and these TXT records, each cut into chunks of up to `chunkMax`. */
function respond(
  query: Buffer,
  options: { readonly code: number; readonly texts: readonly string[]; readonly chunkMax?: number },
): Buffer {
  const { code, texts, chunkMax = 255 } = options;
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(texts.length, 6);
  head.writeUInt16BE(0, 10);
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  const records = texts.map((text) => {
    const chunks = text.match(new RegExp(`.{1,${chunkMax}}`, 'gu')) ?? [];
    const data = Buffer.concat(chunks.map((chunk) => Buffer.concat([Buffer.from([chunk.length]), Buffer.from(chunk)])));
    const fixed = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, data.length]);
    return Buffer.concat([fixed, data]);
  });
  return Buffer.concat([head, question, ...records]);
}

test('createResolveTxt() gives each record whole, however it was cut', async () => {
  answer = (query) => respond(query, { code: 0, texts: ['ringfort=abc', 'v=spf1 -all'], chunkMax: 5 });
  assert.deepEqual([...(await resolve())].toSorted(), ['ringfort=abc', 'v=spf1 -all']);
});

test('createResolveTxt() finds nothing where the name or its records are not there', async () => {
  answer = (query) => respond(query, { code: 3, texts: [] });
  assert.deepEqual(await resolve(), []);
  answer = (query) => respond(query, { code: 0, texts: [] });
  assert.deepEqual(await resolve(), []);
});

test('createResolveTxt() throws a Problem when the servers refuse or fail', async () => {
  for (const code of [2, 5]) {
    answer = (query) => respond(query, { code, texts: [] });
    await assert.rejects(resolve(), { code: 'domain-unproven' });
  }
});
