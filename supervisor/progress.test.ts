import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createProgress } from './progress.ts';

test('createProgress() writes whole lines alone where there is no terminal', async () => {
  const { output, text } = collect({ isTerminal: false });
  const progress = createProgress(output);
  await progress.step('Images', (report) => {
    report('detail');
    return Promise.resolve();
  });
  progress.note('A note');
  assert.equal(text(), '✓ Images (0.0 s)\n  A note\n');
});

test('createProgress() marks a failed step and lets the failure through', async () => {
  const { output, text } = collect({ isTerminal: false });
  const failing = createProgress(output).step('Images', () => Promise.reject(new Error('no network')));
  await assert.rejects(failing, /no network/);
  assert.equal(text(), '✗ Images (0.0 s)\n');
});

test('createProgress() keeps what other programs print from steering the terminal, and to one line', async () => {
  const { output, text } = collect({ isTerminal: true });
  await createProgress(output).step('Images', (report) => {
    report(`\u001b]0;title\u0007${'x'.repeat(200)}`);
    return Promise.resolve();
  });
  assert.ok(!text().includes('\u001b]'));
  const lines = text().split('\r\u001b[K');
  assert.ok(lines.every((line) => line.length <= 90));
});

function collect(options: { readonly isTerminal: boolean }): {
  readonly output: Parameters<typeof createProgress>[0];
  readonly text: () => string;
} {
  const written: string[] = [];
  const output = {
    ...options,
    write: (text: string) => written.push(text),
    columns: () => 80,
    clock: { nowMs: () => 0 },
  };
  return { output, text: () => written.join('') };
}
