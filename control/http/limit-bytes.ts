import { type Readable, Transform } from 'node:stream';

import { Problem } from '@ringfort/contracts/problem.ts';

/** The same bytes, up to a limit: one byte more fails the stream with the Problem `body-too-large`. */
export function limitBytes(bytes: Readable, bytesMax: number): Readable {
  let seenBytes = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seenBytes += chunk.byteLength;
      if (seenBytes <= bytesMax) return done(null, chunk);
      return done(new Problem('body-too-large', `The body is larger than ${bytesMax} bytes. Send less.`));
    },
  });
  bytes.once('error', (error) => limited.destroy(error));
  bytes.once('close', () => bytes.readableEnded || limited.destroy(new Error('The client went away')));
  return bytes.pipe(limited);
}
