import { createHash } from 'node:crypto';

/** What the names of an instance's network interfaces begin with: `rf`, 4 hexadecimal digits of its name's SHA-256, `-`. */
export function interfacePrefix(instance: string): string {
  return `rf${createHash('sha256').update(instance).digest('hex').slice(0, 4)}-`;
}
