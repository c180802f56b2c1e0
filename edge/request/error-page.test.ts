import assert from 'node:assert/strict';
import { test } from 'node:test';

import { problemCatalogue } from '@ringfort/contracts/problem-catalogue.ts';
import { ProblemDocument } from '@ringfort/contracts/problem-document.ts';

import { errorPage } from './error-page.ts';
import { refusals } from './refusals.ts';

const requestId = '01a20308-7cc3-7d69-bda2-8050df40c70f';

test('errorPage() answers a problem document that names the request', () => {
  const page = errorPage('not-deployed', { requestId, accept: '*/*' });
  const document = ProblemDocument.parse(JSON.parse(page.body.toString()));
  assert.equal(page.status, 503);
  assert.equal(document.code, 'application-unavailable');
  assert.equal(document.requestId, requestId);
  assert.equal(document.detail, 'Nothing is deployed here yet.');
});

test('errorPage() answers people with a page that runs and loads nothing', () => {
  const page = errorPage('upstream-refused', { requestId, accept: 'text/html,*/*' });
  const html = page.body.toString();
  const policy = page.headers[page.headers.indexOf('Content-Security-Policy') + 1] ?? '';
  assert.match(html, /<html lang="en">[^]*<title>[^<]+<\/title>[^]*<h1>/);
  assert.ok(html.includes(requestId));
  assert.doesNotMatch(html, /<script|src=|href=/);
  assert.match(policy, /^default-src 'none'; style-src 'sha256-[^']+'; /);
  assert.equal(page.headers[page.headers.indexOf('Content-Length') + 1], String(page.body.length));
});

test('errorPage() has a problem of the catalogue for every refusal', () => {
  for (const [code] of Object.values(refusals)) assert.ok(Object.hasOwn(problemCatalogue, code), code);
});
