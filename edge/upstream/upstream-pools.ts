import type { Endpoint } from '@ringfort/contracts/edge-snapshot.ts';

import { Upstream } from './upstream.ts';

/** The upstreams of the snapshot that is served, by environment, release and address. */
export class UpstreamPools {
  #byKey = new Map<string, Upstream>();

  /** The upstreams of the next snapshot: those that stay are taken over with their connections. Nothing is retired yet. */
  prepare(): NextUpstreams {
    const next = new Map<string, Upstream>();
    return {
      upstreamOf: (endpoint) => {
        const key = upstreamKey(endpoint);
        const upstream = next.get(key) ?? this.#byKey.get(key) ?? new Upstream(key, { origin: origin(endpoint) });
        next.set(key, upstream);
        return upstream;
      },
      /** To be called once no new request can find an old upstream. */
      commit: () => {
        const previous = this.#byKey;
        this.#byKey = next;
        for (const [key, upstream] of previous) {
          if (!next.has(key)) upstream.retire();
        }
      },
    };
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.#byKey.values()].map((upstream) => upstream.destroy()));
  }
}

export type NextUpstreams = {
  readonly upstreamOf: (endpoint: Endpoint) => Upstream;
  readonly commit: () => void;
};

/** Environment and release are part of it: an address alone may be somebody else's tomorrow. */
function upstreamKey(endpoint: Endpoint): string {
  return `${endpoint.environmentId} ${endpoint.releaseId} ${endpoint.address}:${endpoint.port}`;
}

function origin(endpoint: Endpoint): string {
  return `http://${endpoint.address}:${endpoint.port}`;
}
