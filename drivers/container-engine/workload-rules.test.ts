import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { WorkloadNetwork } from '../driver.ts';
import { workloadRules } from './workload-rules.ts';

const closed: WorkloadNetwork = { accept: [], connect: [], egress: 'none', resolver: false };
const gateway = '10.80.0.65';

test('workloadRules() of an empty plan accept loopback and open flows, and drop and count the rest', () => {
  const chains = workloadRules(closed, gateway).slice(workloadRules(closed, gateway).indexOf('  chain input'));
  assert.deepEqual(accepted(chains), [
    'iif "lo" accept',
    'ct state established accept',
    'ct state related meta l4proto icmp accept',
    'oif "lo" accept',
    'ct state established accept',
    'ct state related meta l4proto icmp accept',
  ]);
  assert.equal(chains.match(/policy drop/g)?.length, 3);
  assert.equal(chains.match(/counter name dropped_\w+ drop/g)?.length, 3);
});

test('workloadRules() accept the edge from the gateway alone, and siblings from their addresses', () => {
  const accept = [
    { port: 8080, from: 'edge' as const },
    { port: 3306, from: ['10.80.0.70', '10.80.0.71'] },
  ];
  const rules = accepted(workloadRules({ ...closed, accept }, gateway));
  assert.ok(rules.includes(`ip saddr ${gateway} tcp dport 8080 accept`));
  assert.ok(rules.includes('ip saddr 10.80.0.70 tcp dport 3306 accept'));
  assert.ok(rules.includes('ip saddr 10.80.0.71 tcp dport 3306 accept'));
});

test('workloadRules() let nothing out to private addresses, whatever egress says, but what is named', () => {
  const egress = [{ cidr: '10.0.0.0/8', port: 443, protocol: 'tcp' as const }];
  const lines = workloadRules({ ...closed, connect: [{ address: '10.80.0.80', port: 3306 }], egress }, gateway)
    .split('\n')
    .map((line) => line.trim());
  const order = [
    'ip daddr 10.80.0.80 tcp dport 3306 accept',
    'ip daddr @closed counter name dropped_out drop',
    'ip daddr 10.0.0.0/8 tcp dport 443 accept',
  ];
  const places = order.map((line) => lines.indexOf(line));
  assert.ok(
    places.every((place) => place > 0),
    lines.join('\n'),
  );
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
});

test('workloadRules() are the same for the same plan in another order', () => {
  const accept = [
    { port: 1, from: ['10.80.0.70', '10.80.0.71'] },
    { port: 2, from: 'edge' as const },
  ];
  const turned = [...accept]
    .toReversed()
    .map(({ port, from }) => ({ port, from: from === 'edge' ? from : from.toReversed() }));
  assert.equal(workloadRules({ ...closed, accept }, gateway), workloadRules({ ...closed, accept: turned }, gateway));
});

function accepted(rules: string): readonly string[] {
  return rules
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.endsWith(' accept'));
}
