import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { chromium, type Browser, type Page } from 'playwright-core';

import { browse } from './browse.ts';
import { mustRingfort, repository } from './command.ts';
import { httpsPort, instance } from './instance.ts';

const staging = 'guestbook-staging.localhost';
const production = 'guestbook-production.localhost';
const screens = join(repository, '.screens', instance);

let browser: Browser;

before(async () => {
  mkdirSync(screens, { recursive: true });
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...quiet],
  });
});

after(async () => browser.close());

test('The guestbook answers over HTTPS in staging and in production, under a certificate of the authority', async () => {
  for (const host of [staging, production]) {
    const page = await browse(host, '/');
    assert.equal(page.status, 200);
    assert.match(page.text, /Sign the book/);
  }
});

test('An entry written in staging is there, and is not in production', async () => {
  const text = `Hello from ${randomUUID()}`;
  await sign(staging, text);
  assert.match((await browse(staging, '/')).text, new RegExp(text, 'u'));
  assert.doesNotMatch((await browse(production, '/')).text, new RegExp(text, 'u'));
});

test('An entry written in production is there, and is not in staging', async () => {
  const text = `Hello from ${randomUUID()}`;
  await sign(production, text);
  assert.match((await browse(production, '/')).text, new RegExp(text, 'u'));
  assert.doesNotMatch((await browse(staging, '/')).text, new RegExp(text, 'u'));
});

test('A new entry appears live in another browser, by server-sent events through the edge', async () => {
  const text = `Live ${randomUUID()}`;
  const watching = await open(staging);
  await sign(staging, text);
  await watching.getByText(text).waitFor({ timeout: 10_000 });
  await watching.context().close();
});

test('./ringfort up may be repeated', async () => {
  assert.match(await mustRingfort('up'), /guestbook-production\.localhost/);
});

/** Signs the book in Chromium, as a person would. */
async function sign(host: string, text: string): Promise<void> {
  const page = await open(host);
  await page.getByLabel('Your name').fill('A visitor');
  await page.getByLabel('Your message').fill(text);
  await page.getByRole('button', { name: 'Sign' }).click();
  await page.getByText(text).waitFor();
  await page.screenshot({ path: join(screens, `${host}.png`) });
  await page.context().close();
}

async function open(host: string): Promise<Page> {
  // Chromium has its own list of authorities; that the certificate is the instance's is checked in the first test.
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`https://${host}:${httpsPort()}/`);
  return page;
}
