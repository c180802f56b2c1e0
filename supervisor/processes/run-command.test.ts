import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CommandFailure, runCommand } from './run-command.ts';

const node = process.execPath;

test('runCommand() gives the output, hands the input in and shows whole lines as they come', async () => {
  const lines: string[] = [];
  const program = `process.stdin.on('data', (d) => { console.log('got ' + d); console.error('and this'); })`;
  const output = await runCommand([node, '-e', program], { input: 'text', onLine: (line) => lines.push(line) });
  assert.equal(output, 'got text\n');
  assert.deepEqual(lines.toSorted(), ['and this', 'got text']);
});

test('runCommand() rejects with the last lines when the program fails, without its arguments', async () => {
  const failing = runCommand([node, '-e', `console.error('the reason'); process.exit(3) // secret`]);
  await assert.rejects(failing, (error: unknown) => {
    assert.ok(error instanceof CommandFailure);
    assert.match(error.message, /ended with code 3:\nthe reason$/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

test('runCommand() ends a program at its limit of time, and says when there is no such program', async () => {
  await assert.rejects(runCommand([node, '-e', 'setInterval(() => {}, 1e9)'], { timeoutMs: 50 }), /limit 50 ms/);
  await assert.rejects(runCommand(['ringfort-no-such-program']), { name: 'CommandFailure' });
});
