import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseProblem, problemDocument } from './problem-document.ts';
import { Problem } from './problem.ts';

test('parseProblem() gives back what problemDocument() wrote', () => {
  const problem = new Problem('name-taken', 'There is a project “shop” already.', {
    fields: [{ path: 'slug', message: 'Taken' }],
  });
  const { code, status, detail, fields } = parseProblem(problemDocument(problem, 'r'));
  assert.deepEqual(
    { code, status, detail, fields },
    { code: 'name-taken', status: 409, detail: problem.detail, fields: problem.fields },
  );
});

test('parseProblem() takes an unknown code and an unknown form for an internal problem', () => {
  assert.equal(parseProblem({ type: 'x', title: 'x', status: 418, code: 'toString', detail: 'x' }).code, 'internal');
  assert.equal(parseProblem('<html>').code, 'internal');
});
