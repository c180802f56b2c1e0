const secretName = /pass(word|phrase)?|secret|token|authorization|cookie|private|credential|api_?key|sealed/i;
const depthMax = 6;

/**
 * A copy of `fields` that is safe to log: values under secret-sounding names become `[redacted]`, errors become name, message
 * and code, and what lies deeper than six levels is cut. The names are a second wall; callers do not log secrets in the first place.
 */
export function redact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactEntries(fields, 0);
}

function redactEntries(value: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => [
    name,
    secretName.test(name) ? '[redacted]' : redactValue(inner, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return value;
  if (depth > depthMax) return '[deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return redactEntries(value, depth);
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) };
  return { name: error.name, message: error.message, ...code, ...cause, stack: error.stack };
}
