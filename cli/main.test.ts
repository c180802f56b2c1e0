import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { standInApi } from './stand-in-api.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const at = '2026-01-01T00:00:00.000Z';

test('main.ts prints results on standard output and notes on error output, without colours in a pipe', async () => {
  await using server = await standInApi({
    createProject: () => ({ id: '01890000-0000-7000-8000-000000000001', slug: 'shop', createdAt: at }),
  });
  const run = await start(['project:create', 'shop'], server.url);
  assert.deepEqual(run, { code: 0, out: '', err: '✓ Made the project shop\n' });
});

test('main.ts ends with the command’s exit code', async () => {
  assert.equal((await start(['me'], new URL('http://127.0.0.1:9'))).code, 69);
  assert.equal((await start(['nothing'], new URL('http://127.0.0.1:9'))).code, 64);
});

test('main.ts ends quietly when its reader has seen enough', async () => {
  const items = Array.from({ length: 2_000 }, (_, index) => ({
    id: '01890000-0000-7000-8000-000000000001',
    slug: `project-x${index}`,
    createdAt: at,
  }));
  await using server = await standInApi({ listProjects: () => ({ items, next: null }) });
  const child = spawn(process.execPath, [main, 'project:list', '--json'], { env: { RINGFORT_URL: server.url.href } });
  child.stdout.destroy();
  const [err, code] = await Promise.all([text(child.stderr), exitCode(child)]);
  assert.deepEqual([err, code], ['', 0]);
});

async function start(words: readonly string[], url: URL): Promise<{ code: unknown; out: string; err: string }> {
  const child = spawn(process.execPath, [main, ...words], { env: { RINGFORT_URL: url.href } });
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exitCode(child)]);
  return { code, out, err };
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}
