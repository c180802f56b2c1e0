import { parseSync, Visitor } from 'oxc-parser';
import type { ParseResult, PropertyKey, VisitorObject } from 'oxc-parser';
import type { SourceFile } from './source-file.ts';

/** One import of any kind: static, re-exported, of a type, dynamic. `specifier` is undefined when it is computed. */
export type ImportReference = {
  readonly specifier: string | undefined;
  readonly offset: number;
  readonly isTypeOnly: boolean;
};

const parsed = new WeakMap<SourceFile, ParseResult>();

/** Parses a file once, however many rules look at it. */
export function parseFile(file: SourceFile): ParseResult {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const result = parseSync(file.path, file.text, { sourceType: 'module' });
  parsed.set(file, result);
  return result;
}

/** Walks over the whole syntax tree of a file. */
export function visitFile(file: SourceFile, visitor: VisitorObject): void {
  new Visitor(visitor).visit(parseFile(file).program);
}

/** Lists all imports of a file, also those written as `import('…')` in types and expressions. */
export function listImports(file: SourceFile): readonly ImportReference[] {
  const references: ImportReference[] = [];
  visitFile(file, {
    ImportDeclaration: (node) => {
      references.push({ specifier: node.source.value, offset: node.start, isTypeOnly: node.importKind === 'type' });
    },
    ExportAllDeclaration: (node) => {
      references.push({ specifier: node.source.value, offset: node.start, isTypeOnly: node.exportKind === 'type' });
    },
    ExportNamedDeclaration: (node) => {
      if (node.source === null) return;
      references.push({ specifier: node.source.value, offset: node.start, isTypeOnly: node.exportKind === 'type' });
    },
    ImportExpression: (node) => {
      const specifier = node.source.type === 'Literal' ? String(node.source.value) : undefined;
      references.push({ specifier, offset: node.start, isTypeOnly: false });
    },
    TSImportType: (node) => {
      references.push({ specifier: node.source.value, offset: node.start, isTypeOnly: true });
    },
  });
  return references;
}

/** The name that a key is written with, as an identifier or as a string; undefined when it is computed otherwise. */
export function keyName(key: PropertyKey): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : undefined;
}
