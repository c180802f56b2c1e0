import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSqlPlaces } from './sql-places.ts';

function refusals(path: string, text: string): number {
  return checkSqlPlaces([{ path, text }]).length;
}

test('checkSqlPlaces() refuses each kind of statement in an ordinary file', () => {
  for (const statement of [
    'select id from projects',
    'select set_config($1, $2, true)',
    'insert into projects (id) values ($1)',
    'update projects set name = $1',
    'delete from projects where id = $1',
    'with old as (select 1) select * from old',
    'create table projects (id uuid)',
    'grant select on projects to runtime',
    'truncate projects cascade',
    'set local role runtime',
  ]) {
    assert.equal(refusals('control/features/projects/create-project.ts', `run('${statement}');`), 1, statement);
    assert.equal(refusals('edge/x.ts', `sql\`\n  ${statement} \${value}\`;`), 1, statement);
  }
});

test('checkSqlPlaces() allows SQL in stores, control/db and tests', () => {
  const text = "sql`select id from projects where name = ${'x'}`;";
  for (const path of ['control/features/projects/store.ts', 'control/db/migrate.ts', 'control/operation.db.test.ts']) {
    assert.equal(refusals(path, text), 0, path);
  }
});

test('checkSqlPlaces() refuses capitals even where SQL may be', () => {
  assert.equal(refusals('control/features/projects/store.ts', 'sql`SELECT id FROM projects`;'), 1);
  assert.equal(refusals('control/db/migrations/0001-start.sql', ['CREATE', 'TABLE a (id uuid);'].join(' ')), 1);
  assert.equal(refusals('control/db/migrations/0001-start.sql', '-- CREATE it\ncreate table a (id uuid);'), 0);
});

test('checkSqlPlaces() passes sentences that begin like a statement', () => {
  for (const sentence of [
    'Select a project from the list.',
    'Update the name and set it again',
    'Delete the application',
    'With all of this',
    'Set role-based access',
    'Create a project',
    'Drop table salt on it',
  ]) {
    assert.equal(refusals('cli/x.ts', `say('${sentence}');`), 0, sentence);
  }
});
