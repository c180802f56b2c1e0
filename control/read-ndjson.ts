/** The lines of a byte stream, without their line ends. A longer line than `lineBytesMax` throws: nothing of ours writes such. */
export async function* readNdjson(stream: AsyncIterable<Uint8Array>, lineBytesMax: number): AsyncIterable<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let begin = 0;
    for (let end = rest.indexOf(lineEnd); end !== -1; end = rest.indexOf(lineEnd, begin)) {
      if (end > begin) yield rest.toString('utf8', begin, end);
      begin = end + 1;
    }
    rest = rest.subarray(begin);
    if (rest.length > lineBytesMax) throw new Error(`A line of more than ${lineBytesMax} bytes came in`);
  }
  if (rest.length > 0) yield rest.toString('utf8');
}

/** The whole of a byte stream as text; throws when there is more than `bytesMax`. */
export async function readBounded(stream: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream) {
    sizeBytes += chunk.length;
    if (sizeBytes > bytesMax) throw new Error(`More than ${bytesMax} bytes came in`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const lineEnd = 0x0a;
