import { Failure } from './failure.ts';
import { limits } from './limits.ts';

/** Reads a stream of JSON values, one a line, as they arrive. A line of more than a million characters ends it with a failure. */
export async function* readNdjson(chunks: AsyncIterable<unknown>): AsyncGenerator {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('The stream does not give bytes');
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > limits.lineCharactersMax) throw new Failure('The platform sent a line that is too long to read.');
    for (const line of lines) if (line.trim() !== '') yield parseLine(line);
  }
  if (rest.trim() !== '') yield parseLine(rest);
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Failure('The platform sent a line that is not JSON.', { cause: error });
  }
}
