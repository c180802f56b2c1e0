import type { EdgeConfig } from '@ringfort/contracts/program-config.ts';
import type { Log } from '@ringfort/kit/log.ts';

import { UpstreamPools } from '../upstream/upstream-pools.ts';
import { Upstream } from '../upstream/upstream.ts';
import { buildRouteTable, type HostRoutes, type RouteTable } from './route-table.ts';
import type { TlsCertificates } from './tls-certificates.ts';
import type { VerifiedSnapshot } from './verify-snapshot.ts';

/** What is served now. A swap is one assignment each: a request sees the old table or the new one, never a mixture. */
export class Serving {
  version = 0;
  table: RouteTable;
  certificates: TlsCertificates = new Map();
  readonly #pools = new UpstreamPools();
  readonly #control: Upstream;
  readonly #platform: HostRoutes;
  readonly #config: EdgeConfig;
  readonly #log: Log;

  constructor(config: EdgeConfig, log: Log) {
    this.#config = config;
    this.#log = log;
    this.#control = new Upstream('control', { origin: 'http://localhost', socketPath: config.apiSocket });
    this.#platform = { site: null, routes: [{ pathPrefix: '/', component: 'control', upstreams: [this.#control] }] };
    this.table = new Map([[config.platformHostname, this.#platform]]);
  }

  /** Serves a snapshot from now on. Connections to replicas that it does not name are closed once they are idle. */
  swap(snapshot: VerifiedSnapshot, certificates: TlsCertificates): void {
    const next = this.#pools.prepare();
    const table = buildRouteTable(snapshot, {
      platformHostname: this.#config.platformHostname,
      platform: this.#platform,
      upstreamOf: next.upstreamOf,
      onTaken: (hostname, { environmentId }) =>
        this.#log.error('A host name is claimed twice; the first keeps it', { hostname, environmentId }),
    });
    this.table = table;
    this.certificates = certificates;
    this.version = snapshot.version;
    next.commit();
  }

  async destroy(): Promise<void> {
    await Promise.all([this.#pools.destroy(), this.#control.destroy()]);
  }
}
