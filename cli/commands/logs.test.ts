import assert from 'node:assert/strict';
import { test } from 'node:test';

import { standInApi } from '../stand-in-api.ts';
import { testCommandLine } from '../test-command-line.ts';

const where = ['-p', 'shop', '-e', 'staging'];

test('logs shows time, source and text on one line each, without steering the terminal', async () => {
  await using server = await standInApi({
    streamLogs: () => [line(1, 'web.0', 'GET / 200'), line(2, 'database', '\u001b]0;owned\u0007\u001b[2Jready')],
  });
  const run = await testCommandLine(['logs', ...where, '--tail', '10', '--component', 'web'], { url: server.url });
  assert.equal(run.out, '00:00:01 web.0        GET / 200\n00:00:02 database     ready\n');
  assert.match(server.requests[0] ?? '', /\?tailLines=10&follow=false&component=web$/);
});

test('logs -f goes on after the connection was cut, without showing a line twice, until it is interrupted', async () => {
  const stop = new AbortController();
  let times = 0;
  await using server = await standInApi({
    streamLogs: () => {
      times += 1;
      if (times === 1) return [line(1, 'web.0', 'one'), line(2, 'web.0', 'two'), new Error('Cut the connection')];
      if (times === 2) return [line(1, 'web.0', 'one'), line(2, 'web.0', 'two'), line(3, 'web.0', 'three')];
      stop.abort();
      return [];
    },
  });
  const run = await testCommandLine(['logs', '-f', ...where], { url: server.url, signal: stop.signal });
  assert.deepEqual(run.out.match(/one|two|three/g), ['one', 'two', 'three']);
  assert.equal(run.exitCode, 130);
});

test('logs --json gives one object a line', async () => {
  await using server = await standInApi({ streamLogs: () => [line(1, 'web.0', 'a\u009bb')] });
  const run = await testCommandLine(['logs', ...where, '--json'], { url: server.url });
  assert.deepEqual(JSON.parse(run.out), line(1, 'web.0', 'a\u009bb'));
  assert.doesNotMatch(run.out, /\u009b/);
});

test('logs --deployment shows the steps and the build log of a deployment', async () => {
  const at = '2026-01-01T00:00:00.000Z';
  await using server = await standInApi({
    streamDeployment: () => [
      { at, state: 'building', line: 'npm ci' },
      { at, state: 'starting', line: '' },
    ],
  });
  const deployment = '01890000-0000-7000-8000-000000000001';
  const run = await testCommandLine(['logs', ...where, '--deployment', deployment], { url: server.url });
  assert.equal(run.err, '● building\n  npm ci\n● starting\n');
});

type Line = { at: string; source: string; stream: 'stdout'; line: string };

function line(second: number, source: string, text: string): Line {
  return { at: `2026-01-01T00:00:0${second}.000Z`, source, stream: 'stdout', line: text };
}
