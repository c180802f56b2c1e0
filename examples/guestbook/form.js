import { randomBytes, timingSafeEqual } from 'node:crypto';

import { messageCharactersMax, nameCharactersMax } from './entries.js';

const bodyBytesMax = 16 * 1024;
// `__Host-`: set over HTTPS by this very host and no other, so that no sibling can plant one.
const cookieName = '__Host-guestbook';

/** An error that is the visitor's: its status and what the page says. */
export class FormError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The token of the form: the browser's own, or a new one with the cookie that keeps it. */
export function formToken(request) {
  const kept = readCookie(request);
  if (kept !== undefined) return { token: kept };
  const token = randomBytes(24).toString('base64url');
  return { token, cookie: `${cookieName}=${token}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000` };
}

/** Reads the posted form; refuses it when it was not sent by our own page. */
export async function readForm(request) {
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? ''))
    throw new FormError(415, 'This is not the form of the guestbook.');
  const fields = new URLSearchParams(await readBody(request));
  if (!isOwnForm(request, fields.get('token') ?? ''))
    throw new FormError(403, 'The form has expired. Load the page again, then sign once more.');
  return { name: clean(fields.get('name'), false), message: clean(fields.get('message'), true) };
}

/** What is wrong with a form, by field; empty when nothing is. */
export function formErrors({ name, message }) {
  const errors = {};
  if (name === '') errors.name = 'Please leave a name.';
  else if ([...name].length > nameCharactersMax) errors.name = `At most ${nameCharactersMax} characters, please.`;
  if (message === '') errors.message = 'Please write something.';
  else if ([...message].length > messageCharactersMax)
    errors.message = `At most ${messageCharactersMax} characters, please.`;
  return errors;
}

function isOwnForm(request, sent) {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  const kept = readCookie(request);
  if (kept === undefined || kept.length !== sent.length) return false;
  return timingSafeEqual(Buffer.from(kept), Buffer.from(sent.padEnd(kept.length).slice(0, kept.length), 'latin1'));
}

function readCookie(request) {
  const cookies = (request.headers.cookie ?? '').split(';').map((part) => part.trim());
  const found = cookies.find((cookie) => cookie.startsWith(`${cookieName}=`))?.slice(cookieName.length + 1);
  return found !== undefined && /^[\w-]{32}$/.test(found) ? found : undefined;
}

async function readBody(request) {
  const chunks = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    sizeBytes += chunk.length;
    if (sizeBytes > bodyBytesMax) throw new FormError(413, 'That is too much for a guestbook.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** One spelling for the same letters, no control characters, no characters that turn the line around. */
function clean(value, keepsLines) {
  const text = (value ?? '').normalize('NFC').replaceAll('\r\n', '\n');
  const spaced = keepsLines ? text.replaceAll(/\n{3,}/g, '\n\n') : text.replaceAll('\n', ' ');
  return spaced.replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ').trim();
}
