import type { Log } from '@ringfort/kit/log.ts';

import type { ExchangeContext } from './request/exchange.ts';
import type { Serving } from './snapshot/serving.ts';

/** What every request needs of the process that serves it. */
export type EdgeContext = ExchangeContext & {
  /** The port under which clients know the edge; it is part of what applications are told about their own address. */
  readonly httpsPort: number;
  readonly serving: Serving;
  readonly log: Log;
};
