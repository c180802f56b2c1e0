import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseArguments } from './test-arguments.ts';
import { suites } from './test-suites.ts';

function suitesOf(path: string): readonly string[] {
  return suites.filter((suite) => suite.pattern.test(path)).map((suite) => suite.name);
}

test('the suites take each test file exactly once', () => {
  assert.deepEqual(suitesOf('kit/clock.test.ts'), ['unit']);
  assert.deepEqual(suitesOf('control/operation.db.test.ts'), ['db']);
  assert.deepEqual(suitesOf('drivers/container-engine/network.engine.test.ts'), ['engine']);
  assert.deepEqual(suitesOf('e2e/isolation.e2e.ts'), ['e2e']);
  assert.deepEqual(suitesOf('kit/clock.ts'), []);
});

test('the suites say what a machine lacks for them', () => {
  const bare = { isRoot: false, hasDatabase: false, hasProgram: () => false };
  const full = { isRoot: true, hasDatabase: true, hasProgram: () => true };
  const lacking = suites.filter((suite) => suite.missing(bare).length > 0).map((suite) => suite.name);
  assert.deepEqual(lacking, ['db', 'engine', 'e2e']);
  assert.deepEqual(
    suites.flatMap((suite) => suite.missing(full)),
    [],
  );
});

test('parseArguments() takes suites in their own order, paths and --full', () => {
  const chosen = parseArguments(['db', 'unit', 'edge/', '--full'], suites);
  assert.ok('suites' in chosen);
  assert.deepEqual(
    chosen.suites.map((suite) => suite.name),
    ['unit', 'db'],
  );
  assert.deepEqual(chosen.paths, ['edge/']);
  assert.equal(chosen.isFull, true);
});

test('parseArguments() runs everything when no suite is named and refuses one that there is not', () => {
  const all = parseArguments([], suites);
  assert.ok('suites' in all);
  assert.equal(all.suites.length, suites.length);
  const wrong = parseArguments(['unti'], suites);
  assert.ok('problem' in wrong);
  assert.match(wrong.problem, /no suite "unti"/u);
});
