import assert from 'node:assert/strict';
import { test } from 'node:test';

import { hostTable, hostTableName } from './host-table.ts';

const table = hostTable({
  interfacePrefix: 'rf3a9c-',
  network: '10.80.0.0/16',
  edgeUid: 990,
  buildProxy: { address: '10.80.0.1', port: 3128 },
  uplinks: ['eth0'],
  bridges: [{ name: 'rf3a9c-1', gateway: '10.80.0.65' }],
  builders: ['10.80.0.90'],
});

test('hostTableName() is the prefix in characters that a table may have', () => {
  assert.equal(hostTableName('rf3a9c-'), 'ringfort_rf3a9c');
});

test('hostTable() leaves traffic alone that has nothing to do with the instance', () => {
  const policies = [...table.matchAll(/policy (\w+);/g)].map(([, policy]) => policy);
  assert.deepEqual(policies, ['accept', 'accept', 'accept']);
  for (const chain of ['forward', 'input', 'output']) {
    const body = bodyOf(chain);
    const rules = body.split('\n').filter((line) => /jump|drop/.test(line));
    for (const rule of rules) assert.match(rule, /rf3a9c-\*|10\.80\.0\.0\/16/, rule);
  }
});

test('hostTable() ends every chain for the instance’s interfaces in a drop that is counted', () => {
  for (const chain of ['forward_from_ours', 'forward_to_ours', 'input_from_ours', 'output_to_ours']) {
    const body = bodyOf(chain);
    assert.match(body.trim().split('\n').at(-1) ?? '', /^\s*counter name dropped_\w+ drop$/, chain);
  }
});

test('hostTable() opens connections to workloads for the edge’s user alone', () => {
  assert.ok(table.includes('meta l4proto tcp meta skuid 990 accept'));
  assert.equal(table.match(/skuid/g)?.length, 1);
});

function bodyOf(chain: string): string {
  const [, rest = ''] = table.split(`  chain ${chain} {\n`);
  return rest.slice(0, rest.indexOf('\n  }\n'));
}
