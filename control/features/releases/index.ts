import { listReleases } from './list-releases.ts';
import { rollBack } from './roll-back.ts';

/** The handlers of releases. */
export const releaseHandlers = { listReleases, rollBack };
