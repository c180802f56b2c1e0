import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTestNames } from './test-names.ts';

function refusals(call: string): number {
  const text = `import { test, describe } from 'node:test'; import { parseName } from './x.ts';\n${call}`;
  return checkTestNames([{ path: 'kit/x.test.ts', text }]).length;
}

test('checkTestNames() refuses names that begin with anything but their subject', () => {
  for (const name of [
    'should parse names',
    'works for all names',
    'returns the parsed name',
    'Test of parsing names',
  ]) {
    assert.equal(refusals(`test('${name}', () => {});`), 1, name);
  }
});

test('checkTestNames() refuses fragments, full stops and computed names', () => {
  assert.equal(refusals(`test('parsing names', () => {});`), 1);
  assert.equal(refusals(`test('parseName() refuses empty names.', () => parseName(''));`), 1);
  assert.equal(refusals('test(nameOf(entry), () => {});'), 1);
});

test('checkTestNames() refuses a called subject that the file does not use', () => {
  assert.equal(refusals(`test('parseNames() refuses empty names', () => parseName(''));`), 1);
});

test('checkTestNames() passes sentences, templates and steps of a test', () => {
  assert.equal(refusals(`test('parseName() refuses empty names', () => parseName(''));`), 0);
  assert.equal(refusals('test(`a name of ${size} letters is refused`, () => {});'), 0);
  assert.equal(
    refusals(`test('the last name wins over others', async (t) => { await t.test('should do', () => {}); });`),
    1,
  );
});

test('checkTestNames() looks at files with node:test alone', () => {
  assert.deepEqual(checkTestNames([{ path: 'kit/x.ts', text: `/a/u.test('should'); test('x', 1);` }]), []);
});
