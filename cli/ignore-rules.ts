import { Failure } from './failure.ts';
import { limits } from './limits.ts';

/** Says whether a path below the packed folder (`a/b`, with `/` on every system) is left out. */
export type IsIgnored = (path: string, kind: 'folder' | 'other') => boolean;

/**
 * Reads the rules of a `.ringfortignore`, in the form of gitignore(5): one pattern a line, `#` for comments, `!` takes back, a slash at the
 * end means folders, one elsewhere ties the pattern to the top folder; `*`, `?`, `[a-z]` and `**`. The last rule that matches decides. What
 * lies in a folder that is left out cannot be taken back. `.git` and `node_modules` are left out always.
 */
export function parseIgnoreRules(text: string): IsIgnored {
  const lines = text.split('\n');
  if (lines.length > limits.ignoreRulesMax)
    throw new Failure(`.ringfortignore has more than ${limits.ignoreRulesMax} lines.`);
  const rules = lines.flatMap((line, index) => parseRule(line, index + 1));
  return (path, kind) => {
    if (alwaysIgnored.has(path.slice(path.lastIndexOf('/') + 1))) return true;
    const decisive = rules.findLast((rule) => (kind === 'folder' || !rule.foldersOnly) && rule.pattern.test(path));
    return decisive !== undefined && !decisive.takesBack;
  };
}

const alwaysIgnored = new Set(['.git', 'node_modules']);

type Rule = { readonly pattern: RegExp; readonly takesBack: boolean; readonly foldersOnly: boolean };

function parseRule(line: string, number: number): readonly Rule[] {
  const text = line.replace(/\r$/, '').replace(/(?<!\\) +$/, '');
  if (text === '' || text.startsWith('#')) return [];
  const takesBack = text.startsWith('!');
  const body = takesBack ? text.slice(1) : text;
  const foldersOnly = body.endsWith('/');
  const path = foldersOnly ? body.slice(0, -1) : body;
  if (path === '') return [];
  const isTied = path.includes('/');
  try {
    return [{ pattern: toRegExp(path.replace(/^\//, ''), isTied), takesBack, foldersOnly }];
  } catch (error) {
    throw new Failure(`.ringfortignore, line ${number}: “${line}” is not a pattern.`, { cause: error });
  }
}

function toRegExp(glob: string, isTied: boolean): RegExp {
  const pieces = glob.match(/\/\*\*\/|^\*\*\/|\/\*\*$|\*+|\?|\\.|\[[!^]?\]?[^\]]*\]|[^]/g) ?? [];
  const source = pieces.map(toSource).join('');
  return new RegExp(`^${isTied ? '' : '(?:.*/)?'}${source}$`, 's');
}

function toSource(piece: string): string {
  if (piece === '/**/') return '/(?:.*/)?';
  if (piece === '**/') return '(?:.*/)?';
  if (piece === '/**') return '/.*';
  if (piece.startsWith('*')) return '[^/]*';
  if (piece === '?') return '[^/]';
  if (piece.length > 2 && piece.startsWith('[')) return toClass(piece.slice(1, -1));
  const literal = piece.length === 2 && piece.startsWith('\\') ? piece.slice(1) : piece;
  return literal.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function toClass(content: string): string {
  const isNegated = /^[!^]/.test(content);
  const members = content.slice(isNegated ? 1 : 0).replaceAll(/[\\\][^]/g, String.raw`\$&`);
  return `(?!/)[${isNegated ? '^' : ''}${members}]`;
}
