import { Client, Pool, type Dispatcher } from 'undici';

import { edgeLimits } from '../limits.ts';

/**
 * One replica, or control's API, with its pool of connections. It is made for one environment, release and address, and never
 * given to another, so that a pooled connection cannot carry a request to whoever gets the address next.
 */
export class Upstream {
  readonly key: string;
  /** Requests and tunnels open through it now. */
  open = 0;
  /** Until when it is passed over, where there is another (milliseconds since the epoch). */
  restsUntilMs = 0;
  readonly #place: UpstreamPlace;
  readonly #pool: Pool;

  constructor(key: string, place: UpstreamPlace) {
    this.key = key;
    this.#place = place;
    this.#pool = new Pool(place.origin, { ...clientOptions(place), connections: edgeLimits.upstreamOpenMax });
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#pool.dispatch(options, handler);
  }

  /** Sends over a connection of its own, which no earlier request can have left stale. */
  dispatchFresh(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    const client = new Client(this.#place.origin, { ...clientOptions(this.#place), pipelining: 0 });
    client.dispatch(options, handler);
    closeInBackground(client);
  }

  /** Takes no more requests; open ones end by themselves, idle connections close now. */
  retire(): void {
    closeInBackground(this.#pool);
  }

  /** Ends everything, open requests too. */
  async destroy(): Promise<void> {
    await this.#pool.destroy();
  }
}

export type UpstreamPlace = { readonly origin: string; readonly socketPath?: string };

function clientOptions(place: UpstreamPlace): Client.Options {
  return {
    connectTimeout: edgeLimits.upstreamConnectTimeoutMs,
    headersTimeout: edgeLimits.upstreamHeadTimeoutMs,
    bodyTimeout: edgeLimits.upstreamIdleMsMax,
    keepAliveTimeout: edgeLimits.upstreamKeepAliveMs,
    keepAliveMaxTimeout: edgeLimits.upstreamKeepAliveMsMax,
    maxHeaderSize: edgeLimits.upstreamHeadBytesMax,
    pipelining: 1,
    allowH2: false,
    ...(place.socketPath === undefined ? {} : { socketPath: place.socketPath }),
  };
}

/** Each open request learns of a failure itself; closing has nobody else to tell. */
function closeInBackground(dispatcher: Dispatcher): void {
  dispatcher.close().catch(() => undefined);
}
