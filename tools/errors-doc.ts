/** One entry of the catalogue of problems, as `contracts/problem-catalogue.ts` writes it. */
export type CatalogueEntry = { readonly status: number; readonly title: string; readonly fix: string };

/** The text of `docs/errors.md`: every expected failure, its HTTP status, and what to do about it. */
export function renderErrorsDoc(catalogue: Readonly<Record<string, CatalogueEntry>>): string {
  const codes = Object.keys(catalogue).toSorted();
  const sections = codes.flatMap((code) => {
    const entry = catalogue[code];
    if (entry === undefined) return [];
    return [`## ${code}`, `HTTP ${entry.status}. ${sentence(entry.title)}`, `**What to do:** ${sentence(entry.fix)}`];
  });
  return [
    '# Errors',
    'Generated from `contracts/problem-catalogue.ts` by `node tools/generate.ts`; do not edit.',
    'Every expected failure has a code. It is sent as `application/problem+json` (RFC 9457) with this code, its HTTP ' +
      'status, a detail that quotes what was sent, and the id of the request. A code that was released is never given another meaning.',
    ...sections,
  ]
    .join('\n\n')
    .concat('\n');
}

/** Reads the catalogue out of the module that exports it; throws when it is not of the expected form. */
export function parseCatalogue(module: unknown): Readonly<Record<string, CatalogueEntry>> {
  const catalogue = isRecord(module) ? module['problemCatalogue'] : undefined;
  if (!isRecord(catalogue)) throw new TypeError('contracts/problem-catalogue.ts exports no problemCatalogue');
  return Object.fromEntries(Object.entries(catalogue).map(([code, entry]) => [code, parseEntry(code, entry)]));
}

function parseEntry(code: string, entry: unknown): CatalogueEntry {
  const { status, title, fix } = isRecord(entry) ? entry : {};
  if (typeof status !== 'number' || typeof title !== 'string' || typeof fix !== 'string') {
    throw new TypeError(`The problem "${code}" has no status, title or fix`);
  }
  return { status, title, fix };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function sentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}
