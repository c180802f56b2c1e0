import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';

import { exitCodes, Failure } from './failure.ts';
import { limits } from './limits.ts';

export type Place = readonly PropertyKey[];
export type ParsedYaml = {
  readonly value: unknown;
  /** The line on which a place stands, or the nearest place above it that exists. */
  readonly lineOf: (place: Place) => number;
};

/**
 * Reads one YAML 1.2 document as plain data: no tags of its own, no key twice, keys that are text, few aliases (they can multiply), no merge
 * keys, and no `__proto__`, which would reach into objects. `path` is how failures call it.
 */
export function parseYaml(text: string, path: string): ParsedYaml {
  const lines = new LineCounter();
  const refuse = (offset: number, message: string): Failure =>
    new Failure(`${path}:${lines.linePos(offset).line}  ${message}`, { exitCode: exitCodes.usage });
  if (Buffer.byteLength(text) > limits.configBytesMax) throw refuse(0, 'The file is too large.');
  const document = readDocument(text, lines);
  if (document === undefined) throw refuse(0, 'The file is nested too deeply.');
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) throw refuse(problem.pos[0], sentence(problem.message));
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '__proto__')
        throw refuse(key.range?.[0] ?? 0, 'The key __proto__ is not allowed.');
    },
  });
  return { value: toData(document, refuse), lineOf: (place) => lines.linePos(offsetOf(document, place)).line };
}

function toData(document: Document.Parsed, refuse: (offset: number, message: string) => Failure): unknown {
  try {
    return document.toJS({ maxAliasCount: limits.configAliasesMax });
  } catch (error) {
    if (error instanceof ReferenceError) throw refuse(0, 'The file repeats too much through aliases.');
    throw error;
  }
}

/** The parser calls itself for each level, so that a few thousand brackets would exhaust the stack. */
function readDocument(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  try {
    return parseDocument(text, { ...strictOptions, lineCounter });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const strictOptions = {
  version: '1.2',
  schema: 'core',
  merge: false,
  strict: true,
  uniqueKeys: true,
  stringKeys: true,
  resolveKnownTags: false,
  prettyErrors: false,
} as const;

function offsetOf(document: Document.Parsed, place: Place): number {
  for (let depth = place.length; depth > 0; depth -= 1) {
    const above = document.getIn(place.slice(0, depth - 1), true);
    const name = String(place[depth - 1]);
    const pair = isMap(above)
      ? above.items.find((item) => isScalar(item.key) && String(item.key.value) === name)
      : undefined;
    if (isPair(pair) && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
    const item = document.getIn(place.slice(0, depth), true);
    if (isNode(item) && item.range) return item.range[0];
  }
  return 0;
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}
