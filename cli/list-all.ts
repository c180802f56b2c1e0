import { limits } from './limits.ts';

type Page<T> = { readonly items: readonly T[]; readonly next: string | null };

/** Every item of a paged list, up to `itemsMax`. `read` gets the cursor of a page; the first has none. */
export async function listAll<T>(
  read: (page: { readonly limit: number; readonly cursor?: string }) => Promise<Page<T>>,
  itemsMax: number = limits.itemsMax,
): Promise<readonly T[]> {
  const limit = Math.min(itemsMax, 200);
  const items: T[] = [];
  let page = await read({ limit });
  for (;;) {
    items.push(...page.items);
    if (page.next === null || items.length >= itemsMax) return items.slice(0, itemsMax);
    page = await read({ limit, cursor: page.next });
  }
}
