import { z } from 'zod';

import { contractLimits } from '../limits.ts';

/** Lists are paged by a cursor that only the server understands; `next` is null on the last page. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(contractLimits.pageSizeMax).default(50),
  cursor: z.string().max(512).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** One page of `item`s, as every list answers. */
export function page<T extends z.ZodType>(
  item: T,
): z.ZodObject<{ items: z.ZodArray<T>; next: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item), next: z.string().nullable() });
}

export const NoQuery = z.strictObject({});
export const NoBody = z.undefined();
export const NoOutput = z.undefined();
