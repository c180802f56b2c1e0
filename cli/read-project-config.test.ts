import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { Failure } from './failure.ts';
import { parseProjectConfig } from './read-project-config.ts';

const good = `name: shop
applications:
  web:
    runtime: node@24
    start: node server.js
`;

test('parseProjectConfig() reads the guestbook’s file and fills in what is left out', async () => {
  const text = await readFile(new URL('../examples/guestbook/ringfort.yaml', import.meta.url), 'utf8');
  const config = parseProjectConfig(text, { path: 'ringfort.yaml' });
  assert.equal(config.name, 'guestbook');
  assert.deepEqual(Object.entries(config.services), [
    ['database', { type: 'mysql@11.8', diskMiB: 2_048, memoryMiB: 512 }],
  ]);
  assert.deepEqual(Object.values(config.applications)[0]?.health, { path: '/healthz', startSeconds: 60 });
});

test('parseProjectConfig() puts another project name in place of the one in the file', () => {
  assert.equal(parseProjectConfig(good, { path: 'ringfort.yaml', name: 'other' }).name, 'other');
});

const refusals: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  [
    'a misspelt setting',
    `${good}    prot: 80\n`,
    /ringfort\.yaml:6 {2}applications\.web\.prot: There is no such setting/,
  ],
  [
    'a missing one',
    'name: shop\napplications:\n  web:\n    runtime: node@24\n',
    /:3 {2}applications\.web\.start: Is missing/,
  ],
  ['a value of the wrong kind', `${good}    port: many\n`, /:6 {2}applications\.web\.port: Must be a number/],
  [
    'a value that is not on offer',
    good.replace('node@24', 'cobol@1'),
    /:4 {2}applications\.web\.runtime: Must be one of node@24/,
  ],
  ['a value out of bounds', `${good}    port: 80\n`, /:6 {2}applications\.web\.port: Too small/],
  ['a name of the wrong form', good.replace('shop', 'My Shop'), /:1 {2}name: Names have lower-case letters/],
  ['a key of the wrong form', good.replace('web', 'Web App'), /:3 {2}applications\.Web App: The name is not allowed/],
  [
    'a service that is not there',
    `${good}    relationships:\n      db: database\n`,
    /:7 {2}applications\.web\.relationships\.db: There is no service/,
  ],
  ['a key twice', `${good}name: again\n`, /ringfort\.yaml:6 {2}.*unique/],
  ['a file that is not YAML', 'name: [shop\n', /ringfort\.yaml:\d+ {2}/],
  ['a tag', 'name: !!js/function "x"\n', /ringfort\.yaml:1 {2}Unresolved tag/],
  ['a tag of its own', 'name: !evil x\n', /Unresolved tag/],
  ['__proto__', `${good}__proto__:\n  polluted: true\n`, /:6 {2}The key __proto__ is not allowed/],
  [
    '__proto__ deep inside',
    `${good}    variables: { __proto__: { a: b } }\n`,
    /:6 {2}The key __proto__ is not allowed/,
  ],
  ['aliases that multiply', billionLaughs(), /aliases/],
  ['two documents', `${good}---\n${good}`, /ringfort\.yaml:\d+ {2}/],
  ['brackets without end', '['.repeat(100_000), /nested too deeply|ringfort\.yaml:1/],
  ['a file over the limit', `# ${'x'.repeat(300_000)}\n${good}`, /too large/],
  ['an empty file', '', /Must be a set of named settings/],
];

for (const [what, text, message] of refusals)
  test(`parseProjectConfig() refuses ${what}, naming the line`, () => {
    assert.throws(
      () => parseProjectConfig(text, { path: 'ringfort.yaml' }),
      (error) => {
        assert.ok(error instanceof Failure, String(error));
        assert.match(error.message, message);
        assert.equal(error.exitCode, 64);
        return true;
      },
    );
  });

test('parseProjectConfig() does not merge keys and does not touch object prototypes', () => {
  assert.throws(() => parseProjectConfig(`base: &b { port: 8080 }\n${good}    <<: *b\n`, { path: 'f' }), Failure);
  assert.equal('polluted' in {}, false);
});

function billionLaughs(): string {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const above = level === 0 ? 'lol' : `*l${level - 1}`;
    return `l${level}: &l${level} [${Array.from({ length: 9 }, () => above).join(', ')}]`;
  });
  return `${levels.join('\n')}\n${good}`;
}
