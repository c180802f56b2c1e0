import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import { closeMarked, markOf, openBetween } from './host-rules.ts';
import { mustRun } from './run-program.ts';

const pairs = [
  { from: 'rfffff-1', to: 'rfffff-2' },
  { from: 'rfffff-2', to: 'rfffff-1' },
];

test('openBetween() lifts the rules of one pair of bridges once, in front of all others', async (context) => {
  await makeTable(context);
  const mark = markOf('injtest', 'one');
  await openBetween(pairs, mark);
  await openBetween(pairs, mark);
  assert.deepEqual((await tableRules()).slice(0, 2).toSorted(), [
    `iifname "rfffff-1" oifname "rfffff-2" accept comment "${mark}-rfffff-1-rfffff-2"`,
    `iifname "rfffff-2" oifname "rfffff-1" accept comment "${mark}-rfffff-2-rfffff-1"`,
  ]);
  assert.equal((await engineRules(mark)).length, 2);
});

test('closeMarked() takes away what one lease opened, then all of an instance, and nothing of another', async (context) => {
  await makeTable(context);
  const [one, two, other] = [markOf('injtest', 'one'), markOf('injtest', 'two'), markOf('injtest2', 'one')];
  for (const mark of [one, two, other]) await openBetween(pairs, mark);
  await closeMarked(one);
  assert.deepEqual([(await engineRules(one)).length, (await engineRules(two)).length], [0, 2]);
  assert.equal((await tableRules()).length, 5);
  await closeMarked(markOf('injtest'));
  assert.deepEqual([(await engineRules(two)).length, (await engineRules(other)).length], [0, 2]);
  await closeMarked(markOf('injtest2'));
  assert.deepEqual([await tableRules(), await engineRules('ringfort-injection-injtest')], [['drop'], []]);
});

/** A table of the form that the agent's has, for an instance that there is not. */
async function makeTable(context: TestContext): Promise<void> {
  await mustRun('nft', ['add', 'table', 'inet', 'ringfort_rfffff']);
  context.after(async () => {
    for (const instance of ['injtest', 'injtest2']) await closeMarked(markOf(instance));
    await mustRun('nft', ['delete', 'table', 'inet', 'ringfort_rfffff']);
  });
  await mustRun('nft', ['add', 'chain', 'inet', 'ringfort_rfffff', 'forward_from_ours']);
  await mustRun('nft', ['add', 'rule', 'inet', 'ringfort_rfffff', 'forward_from_ours', 'drop']);
}

async function tableRules(): Promise<readonly string[]> {
  const shown = await mustRun('nft', ['list', 'chain', 'inet', 'ringfort_rfffff', 'forward_from_ours']);
  const lines = shown.split('\n').map((line) => line.trim());
  return lines.filter((line) => /accept|drop/.test(line));
}

async function engineRules(mark: string): Promise<readonly string[]> {
  const saved = await mustRun('iptables', ['-w', '-S', 'FORWARD']);
  return saved.split('\n').filter((line) => line.includes(mark));
}
