/** The text as PostgreSQL can hold it: without NUL and half surrogates. What applications write may hold either. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** Whether a value made of JSON holds, in any text, what PostgreSQL cannot. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value === storableText(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => isStorable(name) && isStorable(inner));
}
