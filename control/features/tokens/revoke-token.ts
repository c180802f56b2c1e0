import { api } from '@ringfort/contracts/api/api.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { operation } from '../../operation.ts';
import { markRevoked } from './store.ts';

/** Revokes a token. The next request with it is refused, and streams that it has open end within ten seconds. */
export const revokeToken = operation(api.revokeToken, {
  run: async ({ tx, workspaceId, input, clock }) => {
    const id = input.params.token;
    const at = new Date(clock.nowMs());
    const name = await markRevoked(tx, { workspaceId, id, at });
    if (name === undefined) throw new Problem('not-found', `There is no token “${id}” in this workspace.`);
    return { subject: name, before: { id, name }, after: { id, name, revokedAt: at.toISOString() }, answer: undefined };
  },
});
