import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderArchitectureMap } from './architecture-map.ts';
import { parseCatalogue, renderErrorsDoc } from './errors-doc.ts';
import { renderLintConfiguration } from './lint-configuration.ts';

/** A file that the project makes from itself: what is on the disk (undefined when missing) and what belongs there. */
export type GeneratedFile = { readonly path: string; readonly current: string | undefined; readonly wanted: string };

const mapStart = '<!-- map:start -->';
const mapEnd = '<!-- map:end -->';

/** Lists the generated files of the project with both their texts. */
export async function listGeneratedFiles(root: string): Promise<readonly GeneratedFile[]> {
  const catalogue: unknown = await import(pathToFileURL(join(root, 'contracts/problem-catalogue.ts')).href);
  const architecture = readIfThere(root, 'docs/architecture.md');
  return [
    { path: '.oxlintrc.json', current: readIfThere(root, '.oxlintrc.json'), wanted: renderLintConfiguration() },
    {
      path: 'docs/errors.md',
      current: readIfThere(root, 'docs/errors.md'),
      wanted: renderErrorsDoc(parseCatalogue(catalogue)),
    },
    { path: 'docs/architecture.md', current: architecture, wanted: replaceMap(architecture, renderArchitectureMap()) },
  ];
}

/** Puts the map between its two markers and leaves all else as it is; a page without markers gets them at its end. */
export function replaceMap(page: string | undefined, map: string): string {
  const text = page ?? '# Architecture\n';
  const block = `${mapStart}\n\n${map}\n\n${mapEnd}`;
  const start = text.indexOf(mapStart);
  const end = text.indexOf(mapEnd);
  if (start === -1 || end < start) return `${text}\n${block}\n`;
  return `${text.slice(0, start)}${block}${text.slice(end + mapEnd.length)}`;
}

function readIfThere(root: string, path: string): string | undefined {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined;
}
