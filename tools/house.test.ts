import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkHouse } from './house.ts';

const folder = join(import.meta.dirname, 'rules');
const names = readdirSync(folder);
const rules = names.filter((name) => !name.endsWith('.test.ts'));

test('the house runs every rule of its folder, and every rule has a test that it bites', () => {
  const house = readFileSync(join(import.meta.dirname, 'house.ts'), 'utf8');
  for (const rule of rules) {
    assert.ok(house.includes(`'./rules/${rule}'`), `house.ts does not run ${rule}`);
    assert.ok(names.includes(rule.replace('.ts', '.test.ts')), `${rule} has no test`);
  }
});

test('checkHouse() sorts what all rules found by place', () => {
  const findings = checkHouse([
    { path: 'kit/b.ts', text: 'const a = b as string;\n// TODO\n' },
    { path: 'kit/a.ts', text: 'const now = Date.now();' },
  ]);
  const places = findings.map((finding) => `${finding.path}:${finding.line}`);
  assert.deepEqual(
    places.filter((place) => place.startsWith('kit/')),
    ['kit/a.ts:1', 'kit/b.ts:1', 'kit/b.ts:2'],
  );
});
