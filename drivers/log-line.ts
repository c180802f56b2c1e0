import { driverLimits as limits } from './limits.ts';

const escape = String.fromCodePoint(0x1b);
const bell = String.fromCodePoint(0x07);
/** Terminal control sequences (ECMA-48 §5.4): CSI …, OSC … with its terminator, and two-character escapes. */
const escapeSequences = new RegExp(
  String.raw`${escape}(?:\[[0-?]*[ -/]*[@-~]|\][^${bell}${escape}]*(?:${bell}|${escape}\\)?|[@-_])`,
  'gu',
);

/** One line of a program's output as it may be shown anywhere: without control characters, and bounded. */
export function cleanLine(line: string): string {
  const plain = line
    .replaceAll(escapeSequences, '')
    .replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) => (character === '\t' ? ' ' : ''));
  return plain.length > limits.logLineCharactersMax ? `${plain.slice(0, limits.logLineCharactersMax)} …` : plain;
}
