/** The entries of a record in the order of their names' code units, so that what is made from them does not depend on storage. */
export function sortedEntries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).toSorted(([left], [right]) => (left < right ? -1 : 1));
}
