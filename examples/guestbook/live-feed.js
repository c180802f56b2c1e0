const intervalMs = 1_000;
const heartbeatMs = 15_000;
const listenersMax = 500;
const unreadBytesMax = 64 * 1024;

/**
 * Tells browsers of new entries over server-sent events. It asks the database once a second while somebody listens, so that entries
 * written through another replica or another release show up too.
 */
export function createLiveFeed(entries) {
  // Who listens, and the last entry that each has.
  const listeners = new Map();
  let timer;

  const look = async () => {
    try {
      const found = await entries.since(Math.min(...listeners.values()));
      for (const [listener, lastId] of listeners) {
        const news = found.filter((entry) => entry.id > lastId);
        send(listener, news.map(formatEvent).join(''));
        listeners.set(listener, news.at(-1)?.id ?? lastId);
      }
    } catch (error) {
      console.error(`Looking for new entries failed: ${error.code ?? error.message}`);
    }
    timer = listeners.size > 0 ? setTimeout(look, intervalMs) : undefined;
  };
  const heartbeat = setInterval(() => {
    for (const listener of listeners.keys()) send(listener, ': still here\n\n');
  }, heartbeatMs);
  heartbeat.unref();

  return {
    /** Takes over a response. `since` is the last entry that the browser has, or undefined. */
    async follow(response, since) {
      if (listeners.size >= listenersMax) {
        response.writeHead(503, { 'retry-after': '30' }).end();
        return;
      }
      const lastId = since ?? (await entries.newestId());
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      response.write('retry: 2000\n\n');
      listeners.set(response, lastId);
      response.once('close', () => listeners.delete(response));
      timer ??= setTimeout(look, 0);
    },
    close() {
      clearInterval(heartbeat);
      clearTimeout(timer);
      for (const listener of listeners.keys()) listener.end();
      listeners.clear();
    },
  };
}

/** A browser that does not read is let go; it connects again when it is back. */
function send(listener, text) {
  if (listener.writableLength > unreadBytesMax) listener.destroy();
  else if (text !== '') listener.write(text);
}

function formatEvent(entry) {
  return `id: ${entry.id}\nevent: entry\ndata: ${JSON.stringify(entry)}\n\n`;
}
