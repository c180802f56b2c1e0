import { randomInt } from 'node:crypto';

/** A question for the IPv4 addresses of a name (RFC 1035 §4.1), recursion wanted. Labels that are too long are cut. */
export function dnsQuery(name: string): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt16BE(randomInt(65_536), 0);
  header.writeUInt16BE(0x0100, 2);
  header.writeUInt16BE(1, 4);
  const labels = name.split('.').filter((label) => label !== '');
  const question = labels.flatMap((label) => {
    const bytes = Buffer.from(label).subarray(0, 63);
    return [Buffer.of(bytes.length), bytes];
  });
  const end = Buffer.from([0, 0, 1, 0, 1]);
  return Buffer.concat([header, ...question, end]);
}
