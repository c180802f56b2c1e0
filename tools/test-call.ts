import type { CallExpression, Expression } from 'oxc-parser';
import { keyName, parseFile, visitFile } from './syntax.ts';
import type { SourceFile } from './source-file.ts';

/**
 * One call that declares a test or a part of one, as `test('…')` and `t.test('…')` do, or that holds one back from
 * inside, as `t.skip()` does. `modifiers` are `only`, `skip` or `todo`, as a method or as an option. `name` is undefined
 * when it is computed.
 */
export type TestCall = {
  readonly name: string | undefined;
  readonly isDeclared: boolean;
  readonly offset: number;
  readonly modifiers: readonly string[];
};

const declaring = new Set(['test', 'it', 'suite', 'describe']);
const holding = new Set(['only', 'skip', 'todo']);

/** Lists the tests of a file that imports `node:test`; other files have none. */
export function listTests(file: SourceFile): readonly TestCall[] {
  const imports = parseFile(file).module.staticImports;
  if (!imports.some((entry) => entry.moduleRequest.value === 'node:test')) return [];
  const tests: TestCall[] = [];
  const contexts = new Set<string>();
  visitFile(file, {
    CallExpression: (node) => {
      const path = calleePath(node.callee);
      const modifier = path.at(-1) ?? '';
      const base = holding.has(modifier) ? path.slice(0, -1) : path;
      const isOnContext = base.length > 0 && contexts.has(base[0] ?? '');
      const held = holding.has(modifier) ? [modifier] : [];
      if (held.length > 0 && base.length === 1 && isOnContext) {
        tests.push({ name: undefined, isDeclared: false, offset: node.start, modifiers: held });
      }
      if (!declaring.has(base.at(-1) ?? '') || (base.length > 1 && !isOnContext)) return;
      for (const name of contextNames(node)) contexts.add(name);
      const modifiers = [...held, ...heldByOption(node)];
      tests.push({ name: nameOf(node, file), isDeclared: true, offset: node.start, modifiers });
    },
  });
  return tests;
}

function contextNames(node: CallExpression): readonly string[] {
  return node.arguments.flatMap((argument) => {
    if (argument.type !== 'ArrowFunctionExpression' && argument.type !== 'FunctionExpression') return [];
    const first = argument.params[0];
    return first?.type === 'Identifier' ? [first.name] : [];
  });
}

function calleePath(callee: Expression): readonly string[] {
  if (callee.type === 'Identifier') return [callee.name];
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [];
  const object = calleePath(callee.object);
  return object.length === 0 ? [] : [...object, callee.property.name];
}

function heldByOption(node: CallExpression): readonly string[] {
  return node.arguments.flatMap((argument) => {
    if (argument.type !== 'ObjectExpression') return [];
    return argument.properties.flatMap((property) => {
      const name = property.type === 'Property' ? keyName(property.key) : undefined;
      if (property.type !== 'Property' || name === undefined || !holding.has(name)) return [];
      const isOff = property.value.type === 'Literal' && property.value.value === false;
      return isOff ? [] : [name];
    });
  });
}

function nameOf(node: CallExpression, file: SourceFile): string | undefined {
  const first = node.arguments[0];
  if (first === undefined) return undefined;
  if (first.type === 'Literal' && typeof first.value === 'string') return first.value;
  return first.type === 'TemplateLiteral' ? file.text.slice(first.start + 1, first.end - 1) : undefined;
}
