// Shows new entries as they are written, counts characters, and gives times in the visitor's own zone. The page works without it.
const list = document.querySelector('#entries[data-live]');
const newest = Number(list?.firstElementChild?.dataset.id ?? 0);
const timeFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' });

for (const time of document.querySelectorAll('time')) time.textContent = timeFormat.format(new Date(time.dateTime));

if (list !== null) {
  const events = new EventSource(`/events?after=${newest}`);
  let last = newest;
  events.addEventListener('entry', ({ data }) => {
    const entry = JSON.parse(data);
    if (entry.id <= last) return;
    last = entry.id;
    list.prepend(createItem(entry));
    document.querySelector('#empty').hidden = true;
    document.querySelector('#live').textContent = `${entry.name} has just signed the book.`;
  });
  addEventListener('pagehide', () => events.close());
}

function createItem({ id, name, message, createdAt }) {
  const item = create('li', { id: `entry-${id}`, className: 'card entry is-new' });
  const by = create('p', { className: 'entry-by' });
  by.append(
    create('bdi', { className: 'entry-name', textContent: name }),
    ' ',
    create('time', { dateTime: createdAt, textContent: timeFormat.format(new Date(createdAt)) }),
  );
  item.append(create('p', { className: 'entry-message', dir: 'auto', textContent: message }), by);
  return item;
}

function create(tag, properties) {
  return Object.assign(document.createElement(tag), properties);
}

const message = document.querySelector('#message');
const count = document.querySelector('#count');
if (message !== null) {
  const show = () => {
    const left = message.maxLength - message.value.length;
    count.textContent = left > 100 ? '' : `${left} left`;
  };
  message.addEventListener('input', show);
  show();
}
