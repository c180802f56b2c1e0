import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCatalogue, renderErrorsDoc } from './errors-doc.ts';
import { listGeneratedFiles, replaceMap } from './generated-files.ts';

const root = `${import.meta.dirname}/..`;

test('the generated files are what the project makes of itself today', async () => {
  const stale = (await listGeneratedFiles(root)).filter((file) => file.current !== file.wanted);
  assert.deepEqual(
    stale.map((file) => file.path),
    [],
  );
});

test('replaceMap() changes what lies between its markers and nothing else', () => {
  const page = 'before\n<!-- map:start -->\n\nold\n\n<!-- map:end -->\nafter\n';
  const wanted = 'before\n<!-- map:start -->\n\nnew\n\n<!-- map:end -->\nafter\n';
  assert.equal(replaceMap(page, 'new'), wanted);
  assert.equal(replaceMap(wanted, 'new'), wanted);
});

test('replaceMap() gives a page without markers its map at the end, once', () => {
  const once = replaceMap('# Page\n', 'map');
  assert.match(once, /^# Page\n\n<!-- map:start -->\n\nmap\n\n<!-- map:end -->\n$/u);
  assert.equal(replaceMap(once, 'map'), once);
});

test('renderErrorsDoc() lists every code with its status and its remedy, sorted', () => {
  const page = renderErrorsDoc({
    'name-taken': { status: 409, title: 'The name is in use', fix: 'Choose another.' },
    'body-too-large': { status: 413, title: 'The body is too large', fix: 'Send less.' },
  });
  assert.ok(page.indexOf('## body-too-large') < page.indexOf('## name-taken'));
  assert.match(page, /HTTP 409\. The name is in use\.\n\n\*\*What to do:\*\* Choose another\.\n/u);
});

test('parseCatalogue() refuses a module without a catalogue and an entry without a remedy', () => {
  assert.throws(() => parseCatalogue({}), /exports no problemCatalogue/u);
  assert.throws(() => parseCatalogue({ problemCatalogue: { x: { status: 400, title: 'No' } } }), /"x" has no/u);
});
