import { createHash } from 'node:crypto';

import { problemCatalogue } from '@ringfort/contracts/problem-catalogue.ts';
import type { ProblemDocument } from '@ringfort/contracts/problem-document.ts';

import { refusals, type Refusal } from './refusals.ts';

/** An answer of the edge's own, ready to be sent. */
export type ErrorPage = { readonly status: number; readonly headers: readonly string[]; readonly body: Buffer };

/** The answer for a refusal: a page for people where the client asks for HTML, else a problem document (RFC 9457). */
export function errorPage(refusal: Refusal, options: ErrorPageOptions): ErrorPage {
  const [code, detail] = refusals[refusal];
  const { status, title } = problemCatalogue[code];
  const { requestId } = options;
  const isHtml = options.accept?.includes('text/html') === true;
  const document: ProblemDocument = {
    type: `https://ringfort.dev/errors#${code}`,
    title,
    status,
    code,
    detail,
    requestId,
  };
  const body = Buffer.from(isHtml ? html(document) : JSON.stringify(document));
  const headers = [
    'Content-Type',
    isHtml ? 'text/html; charset=utf-8' : 'application/problem+json',
    'Content-Length',
    String(body.length),
    'Cache-Control',
    'no-store',
    'X-Content-Type-Options',
    'nosniff',
    'Content-Security-Policy',
    contentSecurityPolicy,
  ];
  if (status === 503) headers.push('Retry-After', '5');
  if (status === 405) headers.push('Allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS');
  return { status, headers, body };
}

export type ErrorPageOptions = { readonly requestId: string; readonly accept: string | undefined };

const style = [
  'body{font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff;max-width:36rem;margin:15vh auto 0;padding:0 1.5rem}',
  'h1{font-size:1.5rem;line-height:1.25}code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}',
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}}',
].join('');

const styleHash = createHash('sha256').update(style).digest('base64');
const contentSecurityPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** Every value comes from the tables above or is a UUID; they are escaped all the same. */
function html({ status, title, detail, requestId = '' }: ProblemDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${status} ${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p>${escape(detail)}</p>
<p><small>Status ${status} · request <code>${escape(requestId)}</code></small></p>
</main>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
