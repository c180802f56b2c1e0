import { posix } from 'node:path';
import type { Finding } from '../finding.ts';
import { lineAt } from '../finding.ts';
import type { SourceFile } from '../source-file.ts';

const codeSpan = /`([^`\s]+)`/gu;
const link = /\]\(([^)\s#]+)(?:#[^)]*)?\)/gu;

/**
 * Refuses paths in the documentation that lead nowhere: links, and code spans that begin with a folder of the root.
 * `*` and `<noun>` stand for any name; `$RINGFORT_HOME/…` and the like are not the project's.
 */
export function checkCitedPaths(files: readonly SourceFile[]): readonly Finding[] {
  const paths = files.map((file) => file.path);
  const tree = new Set(paths.flatMap(withFolders));
  return files
    .filter((file) => file.path.endsWith('.md'))
    .flatMap((file) =>
      listCitations(file, tree).flatMap(({ target, offset }) => {
        if (leadsSomewhere(target, tree)) return [];
        const message = `cites ${target}, which is not there`;
        return [{ rule: 'cited-paths', path: file.path, line: lineAt(file.text, offset), message }];
      }),
    );
}

type Citation = { readonly target: string; readonly offset: number };

function listCitations(file: SourceFile, tree: ReadonlySet<string>): readonly Citation[] {
  const spans = [...file.text.matchAll(codeSpan)].flatMap((match) => {
    const target = (match[1] ?? '').replace(/^\.\/(?!ringfort$)/u, '').replace(/:\d+$/u, '');
    const [folder] = target.split('/');
    const isPath = target.includes('/') && folder !== undefined && tree.has(folder) && /^[\w.<>*/-]+$/u.test(target);
    return isPath ? [{ target, offset: match.index }] : [];
  });
  const links = [...file.text.matchAll(link)].flatMap((match) => {
    const target = match[1] ?? '';
    if (/^[a-z]+:/u.test(target)) return [];
    return [{ target: posix.normalize(posix.join(posix.dirname(file.path), target)), offset: match.index }];
  });
  return [...spans, ...links];
}

function leadsSomewhere(target: string, tree: ReadonlySet<string>): boolean {
  const trimmed = target.replace(/\/$/u, '');
  if (!/[*<]/u.test(trimmed)) return tree.has(trimmed);
  const escaped = trimmed.replaceAll('.', String.raw`\.`);
  const pattern = new RegExp(`^${escaped.replaceAll(/<[^>]*>|\*+/gu, '[^/]+')}$`, 'u');
  return [...tree].some((path) => pattern.test(path));
}

function withFolders(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
