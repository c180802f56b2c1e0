import { basename } from 'node:path';
import type { Finding } from '../finding.ts';
import { isTypeScript } from '../source-file.ts';
import type { SourceFile } from '../source-file.ts';

const forbidden = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'shared', 'types', 'routes', 'lib']);

/** Refuses names that are not kebab-case, names that say nothing, and barrels anywhere but in a feature of control. */
export function checkFileNames(files: readonly SourceFile[]): readonly Finding[] {
  return files
    .filter((file) => isTypeScript(file.path))
    .flatMap(({ path }) => {
      const message = refuse(path);
      return message === undefined ? [] : [{ rule: 'file-names', path, line: 0, message }];
    });
}

function refuse(path: string): string | undefined {
  const name = basename(path).replace(/(?:\.(?:test|engine|db|e2e|d))*\.tsx?$/u, '');
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(name)) return 'is not named in kebab-case';
  const empty = [...path.split('/').slice(0, -1), name].find((part) => forbidden.has(part));
  if (empty !== undefined) return `"${empty}" says nothing; name it for the one thing that it exports`;
  const isFeatureIndex = /^control\/features\/[^/]+\/index\.ts$/u.test(path);
  return name === 'index' && !isFeatureIndex ? 'is a barrel; only a feature of control has an index.ts' : undefined;
}
