import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parsePasswd } from './accounts.ts';
import { checkMachine, parseOsRelease } from './check-machine.ts';
import { missingPackages } from './system-packages.ts';

test('missingPackages() names the first of several that will do, and none where one of them is there', () => {
  const needed = [['podman'], ['runc', 'crun'], ['iptables']];
  assert.deepEqual(missingPackages(needed, new Set(['iptables'])), ['podman', 'runc']);
  assert.deepEqual(missingPackages(needed, new Set(['iptables', 'podman', 'crun'])), []);
});

test('parseOsRelease() gives the system and the ones it is like, quoted or not', () => {
  assert.deepEqual(parseOsRelease('NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n'), ['ubuntu', 'debian']);
  assert.deepEqual(parseOsRelease('ID="linuxmint"\nID_LIKE="ubuntu debian"\n'), ['linuxmint', 'ubuntu', 'debian']);
  assert.deepEqual(parseOsRelease(''), []);
});

test('checkMachine() refuses other systems and people without root, saying what to do', async () => {
  const machine = { platform: 'linux', architecture: 'x64', uid: 1_000, stateFolder: '/' };
  await assert.rejects(checkMachine({ ...machine, platform: 'darwin' }), { name: 'SetupFailure' });
  await assert.rejects(checkMachine({ ...machine, architecture: 'riscv64' }), { name: 'SetupFailure' });
  await assert.rejects(checkMachine(machine), ({ advice }: { advice: string }) => /sudo|simulated/.test(advice));
});

test('parsePasswd() finds the platform’s users alone', () => {
  const text = 'root:x:0:0:root:/:/bin/sh\nrf-default-db:x:998:997:Ringfort:/nonexistent:/usr/sbin/nologin\n';
  assert.deepEqual([...parsePasswd(text)], [['rf-default-db', { uid: 998, gid: 997 }]]);
});
