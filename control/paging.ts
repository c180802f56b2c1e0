import type { PageQuery } from '@ringfort/contracts/api/page.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

/**
 * Pages by key: the cursor is the last key that was given, so that a page stays where it is while rows come and go. Stores read one
 * row more than the limit, after `afterKey`.
 */
export type Paging = { readonly limit: number; readonly afterKey: string | undefined };

/** Reads the paging of a request. Throws the Problem `input-invalid` for a cursor that is none of ours. */
export function readPaging(page: PageQuery): Paging {
  return { limit: page.limit, afterKey: page.cursor === undefined ? undefined : decodeCursor(page.cursor) };
}

/** The page out of up to one row more than its limit. */
export function toPage<Row, Item>(rows: readonly Row[], paging: Paging, describe: PageParts<Row, Item>): Page<Item> {
  const shown = rows.slice(0, paging.limit);
  const last = shown.at(-1);
  const next = rows.length > paging.limit && last !== undefined ? encodeCursor(describe.key(last)) : null;
  return { items: shown.map(describe.item), next };
}

type PageParts<Row, Item> = { readonly key: (row: Row) => string; readonly item: (row: Row) => Item };
type Page<Item> = { items: Item[]; next: string | null };

function encodeCursor(key: string): string {
  return Buffer.from(`k${key}`).toString('base64url');
}

/** Keys are ids, names and host names. */
function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (/^k[a-z0-9.-]{1,253}$/u.test(text)) return text.slice(1);
  const message = 'is not a cursor that an earlier page gave';
  throw new Problem('input-invalid', `The cursor “${cursor.slice(0, 80)}” ${message}.`, {
    fields: [{ path: 'query.cursor', message }],
  });
}
