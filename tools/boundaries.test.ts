import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { rooms } from './boundaries.ts';
import type { Room } from './boundaries.ts';
import { copyProject } from './project-copy.ts';
import { checkBoundaries } from './rules/boundaries.ts';
import { readSourceFiles } from './source-file.ts';

const root = join(import.meta.dirname, '..');
const copy = copyProject(root);
after(() => copy.remove());

test('the table names rooms that exist in it, and no circle of rooms', () => {
  const place = new Map(rooms.map((room, index) => [room.name, index]));
  for (const room of rooms) {
    for (const name of room.imports) {
      const index = place.get(name);
      assert.ok(index !== undefined, `${room.name} imports ${name}, which is no room`);
      assert.ok(index < (place.get(room.name) ?? 0), `${room.name} imports ${name}, which comes later`);
    }
  }
});

test('the table lists the npm packages that each package.json asks for, no more and no fewer', () => {
  const files = new Map(readSourceFiles(root).map((file) => [file.path, file.text]));
  for (const room of rooms) {
    const text = files.get(`${room.name}/package.json`);
    if (text !== undefined) assert.deepEqual(listDependencies(text), [...room.packages].toSorted(), room.name);
  }
});

test('the project as it is keeps to the table', () => {
  assert.deepEqual(checkBoundaries(readSourceFiles(root)), []);
});

for (const room of rooms) {
  test(`${room.name}/ is refused each room, a package and a relative way out that its row does not name`, () => {
    const files = readSourceFiles(root);
    for (const statement of forbiddenImports(room)) {
      const planted = { path: `${room.name}/planted.ts`, text: `${statement}\n` };
      const findings = checkBoundaries([...files, planted]).filter((finding) => finding.path === planted.path);
      assert.equal(findings.length, 1, statement);
    }
  });
}

test('npm run check refuses an import planted in each room, by lint and by the rules of the house', () => {
  const planted = rooms.map((room) => {
    const path = join(room.name, 'planted.ts');
    copy.write(path, `${forbiddenImports(room).join('\n')}\n`);
    return { room, path };
  });
  const refused = copy.check(['house', 'lint']);
  assert.equal(refused.status, 1);
  for (const { room, path } of planted) {
    const lines = refused.output.split('\n').filter((line) => line.startsWith(path));
    const lint = lines.filter((line) => line.includes('no-restricted-imports'));
    const house = lines.filter((line) => line.includes('boundaries:'));
    assert.ok(lint.length >= forbiddenImports(room).length, `lint in ${room.name}: ${lint.join('\n')}`);
    assert.equal(house.length, forbiddenImports(room).length, `house in ${room.name}`);
  }
  for (const { path } of planted) copy.write(path, undefined);
  const clean = copy.check(['house', 'lint']);
  assert.ok(!/no-restricted-imports|boundaries:/u.test(clean.output), clean.output);
});

/** One import of every kind that the room's row leaves out. */
function forbiddenImports(room: Room): readonly string[] {
  const others = rooms.filter(({ name }) => name !== room.name && !room.imports.includes(name));
  const first = others[0];
  assert.ok(first !== undefined);
  return [
    ...others.map(({ name }) => `import '@ringfort/${name}/planted.ts';`),
    `import '../${first.name}/planted.ts';`,
    `import 'left-pad';`,
    ...(room.builtins === 'any' ? [] : [`import 'node:child_process';`]),
  ];
}

function listDependencies(packageJson: string): readonly string[] {
  const parsed: unknown = JSON.parse(packageJson);
  assert.ok(typeof parsed === 'object' && parsed !== null);
  const { dependencies, devDependencies } = { dependencies: {}, devDependencies: {}, ...parsed };
  return [...Object.keys(dependencies), ...Object.keys(devDependencies)].toSorted();
}
