import { allowedCasts } from './allowed-casts.ts';
import { processBuiltins, rooms, testPackages } from './boundaries.ts';
import type { Room } from './boundaries.ts';
import { lintRules } from './lint-rules.ts';

/**
 * The text of `.oxlintrc.json`. It is generated because the imports that each room may have come from the table in
 * `tools/boundaries.ts` and the places of casts from `tools/allowed-casts.ts`; oxlint reads JSON under every Node.
 */
export function renderLintConfiguration(): string {
  const configuration = {
    $schema: './node_modules/oxlint/configuration_schema.json',
    plugins: ['eslint', 'typescript', 'import', 'unicorn', 'oxc', 'node', 'promise'],
    options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
    categories: { correctness: 'error', suspicious: 'error' },
    ignorePatterns: ['e2e/fixtures/**', 'node_modules', 'examples', 'runtimes'],
    rules: lintRules,
    overrides: [
      ...rooms.flatMap((room) => [
        { files: [`${room.name}/**`], rules: restrictImports(room) },
        { files: testFiles(room.name), rules: restrictImports(asTest(room)) },
      ]),
      { files: ['cli/**', 'supervisor/**', 'tools/**', 'e2e/**', 'bench/**'], rules: { 'eslint/no-console': 'off' } },
      {
        files: [...new Set(allowedCasts.map((cast) => cast.path))],
        rules: { 'typescript/consistent-type-assertions': 'off', 'typescript/no-unsafe-type-assertion': 'off' },
      },
    ].filter((override) => override.files.length > 0),
  };
  return `${JSON.stringify(configuration, undefined, 2)}\n`;
}

function asTest(room: Room): Room {
  return { ...room, packages: [...room.packages, ...testPackages], builtins: 'any' };
}

/**
 * Lint sees what is written, not where it leads: `../<room>/` is refused by name, packages and rooms by exclusion. The
 * house rule `tools/rules/boundaries.ts` resolves each path as well. oxlint asks that the pattern comes before the group.
 */
function restrictImports(room: Room): Readonly<Record<string, unknown>> {
  const others = rooms.filter(({ name }) => name !== room.name).map(({ name }) => name);
  const message = `${room.name} may not import this; see tools/boundaries.ts`;
  const group = [
    '**',
    '!*.ts',
    '@ringfort/**',
    ...room.imports.map((name) => `!@ringfort/${name}/**`),
    ...room.packages.flatMap((name) => [...scopeOf(name), `!${name}`, `!${name}/**`]),
    ...builtinsOf(room),
  ];
  const patterns = [
    { regex: String.raw`^(\.\./)+(${others.join('|')})(/|$)`, message },
    { group, message },
  ];
  return { 'eslint/no-restricted-imports': ['error', { patterns }] };
}

function scopeOf(name: string): readonly string[] {
  return name.startsWith('@') ? [`!${name.split('/')[0]}`] : [];
}

function builtinsOf(room: Room): readonly string[] {
  const all = ['!node:*', '!node:*/**'];
  if (room.builtins === 'any') return all;
  if (room.builtins === 'no-processes') return [...all, ...processBuiltins.map((name) => `node:${name}`)];
  return room.builtins.flatMap((name) => [`!node:${name}`, `!node:${name}/**`]);
}

/** Tests, and what serves them alone; the same files as isTest() of source-file.ts. */
function testFiles(room: string): string[] {
  return [`${room}/**/*.test.ts`, `${room}/**/test-*.ts`, `${room}/**/*stand-in*.ts`];
}
