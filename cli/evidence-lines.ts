import { safeJson, safeLine } from './escape-output.ts';

/**
 * A control's evidence for people: its `summary` or `reason`, else its plain values and how long its lists are on one line. With `details` the
 * first entries of each list follow. The whole is in `--json`.
 */
export function evidenceLines(evidence: unknown, options: { readonly details: boolean }): string[] {
  if (evidence === null || evidence === undefined) return [];
  if (typeof evidence === 'string') return [safeLine(evidence)];
  if (typeof evidence !== 'object') return [safeJson(evidence)];
  const entries = Object.entries<unknown>({ ...evidence });
  const words = entries.find(([name, value]) => headlines.has(name) && typeof value === 'string')?.[1];
  const head = typeof words === 'string' ? words : entries.map(([name, value]) => brief(name, value)).join(', ');
  const details = options.details ? entries.flatMap(([name, value]) => listLines(name, value)) : [];
  return [head, ...details].filter((line) => line !== '').map((line) => safeLine(shorten(line)));
}

const headlines = new Set(['summary', 'reason']);
const entriesShownMax = 5;
const charactersMax = 200;

function brief(name: string, value: unknown): string {
  if (Array.isArray(value)) return `${value.length} ${name}`;
  return `${name} ${typeof value === 'string' ? value : safeJson(value)}`;
}

function listLines(name: string, value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0) return [];
  const shown = value
    .slice(0, entriesShownMax)
    .map((entry: unknown) => (typeof entry === 'string' ? entry : safeJson(entry)));
  const more = value.length - shown.length;
  return [`${name}:`, ...shown.map((entry) => `  ${entry}`), ...(more > 0 ? [`  … and ${more} more in --json`] : [])];
}

function shorten(line: string): string {
  return line.length > charactersMax ? `${line.slice(0, charactersMax)} …` : line;
}
