import { messageCharactersMax, nameCharactersMax } from './entries.js';

/** The guestbook: the form, then a page of entries. `form` and `errors` are those of a form that was refused. */
export function guestbookPage({ entries, hasMore, before, form, errors = {}, token, place, assets }) {
  const isFirst = before === undefined;
  const oldest = entries.at(-1);
  return layout({
    place,
    assets,
    body: html`
      ${isFirst ? signForm({ form, errors, token }) : ''}
      <section aria-labelledby="entries-heading">
        <h2 id="entries-heading">${isFirst ? 'What guests wrote' : 'Older entries'}</h2>
        <p id="live" class="visually-hidden" role="status"></p>
        <ol id="entries" class="entries" ${raw(isFirst ? 'data-live' : '')}>
          ${entries.map(entryItem)}
        </ol>
        <p id="empty" class="empty" ${raw(entries.length > 0 ? 'hidden' : '')}>
          ${isFirst ? 'Nobody has signed yet. Be the first!' : 'There is nothing older.'}
        </p>
      </section>
      <nav class="pages" aria-label="Pages">
        ${isFirst ? '' : html`<a href="/" rel="prev">← Newest</a>`}
        ${hasMore ? html`<a href="/?before=${oldest.id}" rel="next">Older →</a>` : ''}
      </nav>
    `,
  });
}

/** A page that says one thing. */
export function messagePage({ words, place, assets }) {
  return layout({
    place,
    assets,
    body: html`<section class="card message">
      <p>${words}</p>
      <p><a href="/">Back to the guestbook</a></p>
    </section>`,
  });
}

function signForm({ form = { name: '', message: '' }, errors, token }) {
  return html`
    <section class="card" aria-labelledby="sign-heading">
      <h2 id="sign-heading">Sign the book</h2>
      <form method="post" action="/" novalidate>
        <input type="hidden" name="token" value="${token}" />
        ${field({
          id: 'name',
          label: 'Your name',
          error: errors.name,
          control: (described) =>
            html` <input
              id="name"
              name="name"
              value="${form.name}"
              maxlength="${nameCharactersMax}"
              autocomplete="name"
              required
              ${described}
            />`,
        })}
        ${field({
          id: 'message',
          label: 'Your message',
          error: errors.message,
          control: (described) =>
            html` <textarea
              id="message"
              name="message"
              rows="4"
              maxlength="${messageCharactersMax}"
              required
              ${described}
            >
${form.message}</textarea>`,
        })}
        <div class="actions">
          <button type="submit">Sign</button>
          <span id="count" class="count" aria-hidden="true"></span>
        </div>
      </form>
    </section>
  `;
}

function field({ id, label, error, control }) {
  const described = error === undefined ? '' : html`aria-invalid="true" aria-describedby="${id}-error"`;
  return html`
    <div class="field">
      <label for="${id}">${label}</label>
      ${control(described)} ${error === undefined ? '' : html`<p class="error" id="${id}-error">${error}</p>`}
    </div>
  `;
}

function entryItem({ id, name, message, createdAt }) {
  return html`
    <li id="entry-${id}" class="card entry" data-id="${id}">
      <p class="entry-message" dir="auto">${message}</p>
      <p class="entry-by">
        <bdi class="entry-name">${name}</bdi>
        <time datetime="${createdAt.toISOString()}">${formatTime(createdAt)}</time>
      </p>
    </li>
  `;
}

function layout({ body, place, assets }) {
  const release = place.release.slice(-8);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Guestbook</title>
        <link rel="icon" href="${assets['favicon.svg']}" type="image/svg+xml" />
        <link rel="stylesheet" href="${assets['style.css']}" />
        <script type="module" src="${assets['live.js']}"></script>
      </head>
      <body>
        <header class="top">
          <h1><a href="/">Guestbook</a></h1>
          <p class="lead">Good to have you here. Leave a line for those who come after you.</p>
        </header>
        <main>${body}</main>
        <footer class="bottom">
          <span class="badge">${place.environment}</span>
          ${release === '' ? '' : html`<span title="${place.release}">release ${release}</span>`}
          <span>runs on Ringfort</span>
        </footer>
      </body>
    </html>`.text;
}

const timeFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

function formatTime(date) {
  return `${timeFormat.format(date)} UTC`;
}

/** Builds HTML. Every value is escaped, but for what `html` or `raw` built. */
function html(strings, ...values) {
  return { text: String.raw({ raw: strings }, ...values.map(toHtml)) };
}

function raw(text) {
  return { text };
}

function toHtml(value) {
  if (Array.isArray(value)) return value.map(toHtml).join('');
  return typeof value === 'object' && value !== null ? value.text : escape(String(value));
}

function escape(text) {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character]);
}

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
