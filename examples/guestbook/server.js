import { createServer } from 'node:http';

import { createApp } from './app.js';
import { createEntries } from './entries.js';
import { createLiveFeed } from './live-feed.js';

// Everything that Ringfort injects: the port, the relationship `database`, and where the application runs.
const { PORT = '8080', DATABASE_URL, RINGFORT_ENVIRONMENT = 'local', RINGFORT_RELEASE = '' } = process.env;
if (DATABASE_URL === undefined) throw new Error('DATABASE_URL is missing: declare the relationship “database”.');

const entries = createEntries(DATABASE_URL);
const feed = createLiveFeed(entries);
const place = { environment: RINGFORT_ENVIRONMENT, release: RINGFORT_RELEASE };
const server = createServer(createApp({ entries, feed, place }));

// Longer than the proxy in front keeps idle connections, so that it never sends into a closing one.
server.keepAliveTimeout = 75_000;
server.requestTimeout = 30_000;
server.listen(Number(PORT), () => console.log(`Listening on port ${PORT} in ${RINGFORT_ENVIRONMENT}`));

// The database may still be starting; until it is there, pages say so and /healthz answers 503.
const preparing = new AbortController();
entries.prepare(preparing.signal).then(
  () => console.log('The database is ready'),
  (error) => preparing.signal.aborted || fail(error),
);

function fail(error) {
  console.error(error);
  process.exit(1);
}

// Requests under way are answered, live streams end (browsers connect again), then the process ends.
process.once('SIGTERM', () => {
  console.log('Stopping');
  preparing.abort();
  feed.close();
  server.close(() => entries.close().then(() => process.exit(0), fail));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 5_000).unref();
});
