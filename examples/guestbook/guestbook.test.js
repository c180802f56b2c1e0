import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { createApp } from './app.js';
import { createLiveFeed } from './live-feed.js';

test('the page shows entries with their text escaped, and where it runs', async (t) => {
  const { get } = await start(t, [entry(1, '<b>Ann</b>', 'Tom & "Jerry"')]);
  const page = await get('/');
  assert.equal(page.status, 200);
  assert.match(page.text, /&lt;b&gt;Ann&lt;\/b&gt;/);
  assert.match(page.text, /Tom &amp; &quot;Jerry&quot;/);
  assert.match(page.text, /<span class="badge">staging<\/span>/);
  assert.match(page.headers.get('content-security-policy'), /default-src 'none'/);
});

test('the form takes an entry and leads to it', async (t) => {
  const { sign, stored } = await start(t, []);
  const answer = await sign({ name: '  Ann ', message: 'Hello\r\nthere' });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get('location'), '/#entry-1');
  assert.deepEqual(
    { ...stored[0], createdAt: undefined },
    { id: 1, name: 'Ann', message: 'Hello\nthere', createdAt: undefined },
  );
});

test('the form keeps what was typed and says what is wrong with it', async (t) => {
  const { sign, stored } = await start(t, []);
  const answer = await sign({ name: 'x'.repeat(61), message: 'Kept <text>' });
  assert.equal(answer.status, 422);
  assert.match(answer.text, /At most 60 characters/);
  assert.match(answer.text, /Kept &lt;text&gt;<\/textarea>/);
  assert.deepEqual(stored, []);
});

test('the form is refused without the token of the page, and from another site', async (t) => {
  const { sign, stored } = await start(t, []);
  const form = { name: 'Ann', message: 'Hello' };
  const answers = [await sign({ ...form, token: 'wrong' }), await sign(form, { 'sec-fetch-site': 'same-site' })];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [403, 403],
  );
  assert.deepEqual(stored, []);
});

test('pages hold twenty entries and lead to the older ones', async (t) => {
  const { get } = await start(
    t,
    Array.from({ length: 25 }, (_, index) => entry(index + 1, 'Ann', `No ${index + 1}.`)),
  );
  const first = await get('/');
  assert.match(first.text, /href="\/\?before=6" rel="next"/);
  const second = await get('/?before=6');
  assert.match(second.text, /No 5\./);
  assert.doesNotMatch(second.text, /No 6\./);
});

test('events tell of entries after the one that the browser has', async (t) => {
  const { base, stored } = await start(t, [entry(1, 'Ann', 'First')]);
  const response = await fetch(`${base}/events?after=1`);
  stored.push(entry(2, 'Bob', 'Second'));
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes('Second')) break;
  }
  assert.match(text, /id: 2\nevent: entry\ndata: \{"id":2,"name":"Bob"/);
  assert.doesNotMatch(text, /First/);
});

test('the health check and the pages answer 503 while the database is away', async (t) => {
  const { get, breakDatabase } = await start(t, []);
  assert.equal((await get('/healthz')).status, 200);
  breakDatabase();
  assert.equal((await get('/healthz')).status, 503);
  assert.equal((await get('/')).status, 503);
});

test('unknown pages, methods and addresses are answered, not crashed on', async (t) => {
  const { get } = await start(t, []);
  assert.equal((await get('/nothing')).status, 404);
  assert.equal((await get('//')).status, 404);
  assert.equal((await get('/', { method: 'DELETE' })).status, 405);
});

function entry(id, name, message) {
  return { id, name, message, createdAt: new Date('2026-01-02T03:04:05.000Z') };
}

/** The application over entries in memory, on a free port. */
async function start(t, stored) {
  let isAway = false;
  const answer = (value) => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(value));
  const entries = {
    page: (before = Infinity) => {
      const found = stored.filter(({ id }) => id < before).toReversed();
      return answer({ entries: found.slice(0, 20), hasMore: found.length > 20 });
    },
    since: (last) => answer(stored.filter(({ id }) => id > last)),
    newestId: () => answer(stored.at(-1)?.id ?? 0),
    add: ({ name, message }) => answer(stored.push(entry(stored.length + 1, name, message))),
    check: () => answer(undefined),
  };
  t.mock.method(console, 'error', () => undefined);
  const feed = createLiveFeed(entries);
  const place = { environment: 'staging', release: '01890000-0000-7000-8000-000000000001' };
  const server = createServer(createApp({ entries, feed, place }));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    feed.close();
    server.closeAllConnections();
    server.close();
  });
  const base = `http://127.0.0.1:${server.address().port}`;
  const get = async (path, options = {}) => {
    const response = await fetch(base + path, { redirect: 'manual', ...options });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const sign = async (fields, headers = {}) => {
    const page = await get('/');
    const cookie = page.headers.get('set-cookie').split(';')[0];
    const token = /name="token" value="([^"]+)"/.exec(page.text)[1];
    const body = new URLSearchParams({ token, ...fields });
    return get('/', { method: 'POST', headers: { cookie, ...headers }, body });
  };
  return { base, get, sign, stored, breakDatabase: () => void (isAway = true) };
}
