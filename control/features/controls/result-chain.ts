import { createHash } from 'node:crypto';

import type { ControlResult } from '@ringfort/contracts/api/controls.ts';

/** A result in its chain: each control's results carry the hash of the one before, so that none can be taken out unseen. */
export type ChainedResult = {
  readonly result: ControlResult;
  readonly previousHash: string;
  readonly hash: string;
};

/** The hash before the first result of a control. */
export const chainStart = '0'.repeat(64);

/** Links a result behind `previousHash`. SHA-256 over the previous hash, a line end and the result as JSON with sorted keys. */
export function chainResult(result: ControlResult, previousHash: string): ChainedResult {
  return { result, previousHash, hash: hashOf(result, previousHash) };
}

/** Index of the first link that is wrong, or -1 when the chain holds from `chainStart` on. */
export function findBrokenLink(chain: readonly ChainedResult[]): number {
  let previousHash = chainStart;
  for (const [index, link] of chain.entries()) {
    if (link.previousHash !== previousHash || link.hash !== hashOf(link.result, previousHash)) return index;
    previousHash = link.hash;
  }
  return -1;
}

function hashOf(result: ControlResult, previousHash: string): string {
  return createHash('sha256')
    .update(`${previousHash}\n${sortedJson(result)}`)
    .digest('hex');
}

/** JSON with the keys of every object in order, because a database may give them back in another. */
export function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${sortedJson(inner)}`).join(',')}}`;
}
