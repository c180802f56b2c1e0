import type { Log } from '@ringfort/kit/log.ts';

import type { ControlServices } from '../route-handler.ts';

/** `stopping` is aborted when the program stops, so that open streams end. */
export type HttpServices = ControlServices & { readonly log: Log; readonly stopping: AbortSignal };
