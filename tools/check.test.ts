import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkSteps } from './check-steps.ts';
import { copyProject } from './project-copy.ts';

const copy = copyProject(join(import.meta.dirname, '..'));
after(() => copy.remove());

const mistakes: Readonly<Record<string, { readonly path: string; readonly text: string; readonly refusal: RegExp }>> = {
  house: {
    path: 'kit/planted.ts',
    text: 'export const a = Date.now();\n',
    refusal: /^kit\/planted\.ts:1 {2}ambient-input/mu,
  },
  generated: { path: 'docs/errors.md', text: '# Errors\n', refusal: /^docs\/errors\.md is out of date/mu },
  format: { path: 'kit/planted.ts', text: 'export const a = "b"\n', refusal: /^kit\/planted\.ts$/mu },
  lint: {
    path: 'kit/planted.ts',
    text: 'export async function a(): Promise<void> {}\nexport function b(): void {\n  a();\n}\n',
    refusal: /^kit\/planted\.ts:3:3: .*no-floating-promises/mu,
  },
  types: {
    path: 'kit/planted.ts',
    text: 'export const a: string = 1;\n',
    refusal: /^kit\/planted\.ts\(1,14\): error TS2322/mu,
  },
  unused: { path: 'kit/planted.ts', text: 'export const a = 1;\n', refusal: /^kit\/planted\.ts\s*$/mu },
};

for (const step of checkSteps) {
  test(`the step ${step.name} of the check refuses a mistake made for it`, () => {
    const mistake = mistakes[step.name];
    assert.ok(mistake !== undefined, `no mistake is planted for the step ${step.name}`);
    copy.write(mistake.path, mistake.text);
    const { status, output } = copy.check([step.name]);
    copy.write(mistake.path, undefined);
    assert.match(output, mistake.refusal);
    assert.equal(status, 1);
  });
}

test('the check refuses a step that there is not', () => {
  const { status, output } = copy.check(['lnit']);
  assert.equal(status, 2);
  assert.match(output, /There is no step "lnit"\. The steps are house, /u);
});
