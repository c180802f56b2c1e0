import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { FormError, formErrors, formToken, readForm } from './form.js';
import { messagePage, guestbookPage } from './page.js';

/** The request listener of the guestbook. `place` says where it runs: `{ environment, release }`. */
export function createApp({ entries, feed, place }) {
  const handlers = {
    'GET /': (request, response, url) =>
      showPage(response, { token: formToken(request), before: idOf(url.searchParams.get('before')) }),
    'POST /': sign,
    'GET /events': (request, response, url) =>
      feed.follow(response, idOf(request.headers['last-event-id']) ?? idOf(url.searchParams.get('after'))),
    'GET /healthz': async (_request, response) => {
      await entries.check();
      send(response, { type: 'application/json', body: '{"status":"ok"}' });
    },
  };

  async function showPage(response, { token, before, status = 200, form, errors }) {
    const page = await entries.page(before);
    const headers = token.cookie === undefined ? {} : { 'set-cookie': token.cookie };
    const body = guestbookPage({ ...page, before, form, errors, token: token.token, place, assets: assetPaths });
    send(response, { status, headers, body });
  }

  async function sign(request, response) {
    const form = await readForm(request);
    const errors = formErrors(form);
    const token = formToken(request);
    if (Object.keys(errors).length > 0) return showPage(response, { token, status: 422, form, errors });
    const id = await entries.add(form);
    response.writeHead(303, { ...securityHeaders, location: `/#entry-${id}` }).end();
  }

  return (request, response) => {
    const url = URL.parse(request.url, 'http://guestbook') ?? new URL('http://guestbook/missing');
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const asset = method === 'GET' ? assets.get(url.pathname) : undefined;
    if (asset !== undefined) return send(response, asset);
    const handler = handlers[`${method} ${url.pathname}`] ?? missing(url.pathname);
    Promise.resolve()
      .then(() => handler(request, response, url))
      .catch((error) => fail(error, request, response));
  };

  function missing(path) {
    const methods = Object.keys(handlers).filter((key) => key.endsWith(` ${path}`));
    const headers = methods.length === 0 ? {} : { allow: methods.map((key) => key.split(' ')[0]).join(', ') };
    const status = methods.length === 0 ? 404 : 405;
    const words = status === 404 ? 'There is no such page.' : 'This page does not take that.';
    return (_request, response) =>
      send(response, { status, headers, body: messagePage({ words, place, assets: assetPaths }) });
  }

  function fail(error, request, response) {
    const isVisitors = error instanceof FormError;
    if (!isVisitors) console.error(`${request.method} ${request.url}: ${error.code ?? error.stack}`);
    if (response.headersSent) return response.destroy();
    const status = isVisitors ? error.status : 503;
    const words = isVisitors ? error.message : 'The guestbook is closed for a moment. Please try again shortly.';
    const headers = { ...(isVisitors ? {} : { 'retry-after': '5' }), connection: 'close' };
    send(response, { status, headers, body: messagePage({ words, place, assets: assetPaths }) });
  }
}

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
};

const assets = new Map();
const assetPaths = {};
for (const [name, type] of [
  ['style.css', 'text/css'],
  ['live.js', 'text/javascript'],
  ['favicon.svg', 'image/svg+xml'],
]) {
  const body = readFileSync(new URL(`public/${name}`, import.meta.url));
  // The name changes with the content, so that browsers may keep it for ever.
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 12);
  assetPaths[name] = `/${digest}/${name}`;
  assets.set(assetPaths[name], { type, body, headers: { 'cache-control': 'public, max-age=31536000, immutable' } });
}

function send(response, { status = 200, type = 'text/html', headers = {}, body }) {
  response.writeHead(status, {
    ...securityHeaders,
    'content-type': `${type}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** The number of an entry, or undefined. */
function idOf(text) {
  return /^(?:0|[1-9]\d{0,14})$/.test(text ?? '') ? Number(text) : undefined;
}
