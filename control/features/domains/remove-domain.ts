import { api } from '@ringfort/contracts/api/api.ts';

import { operation } from '../../operation.ts';
import { lockEnvironment } from '../environments/store.ts';
import { describeDomain } from './describe-domain.ts';
import { getDomain, removeDomainRow } from './store.ts';

/** Removes a domain; the edges stop answering to it with their next snapshot. */
export const removeDomain = operation(api.removeDomain, {
  run: async ({ tx, workspaceId, input, nudge }) => {
    const environment = await lockEnvironment(tx, { workspaceId, ...input.params });
    const domain = await getDomain(tx, { environmentId: environment.id, hostname: input.params.hostname });
    await removeDomainRow(tx, { environmentId: environment.id, hostname: domain.hostname });
    await nudge('environments', environment.id);
    const subject = `${input.params.project}/${input.params.environment}/${domain.hostname}`;
    return { subject, before: { hostname: domain.hostname, state: describeDomain(domain).state }, answer: undefined };
  },
});
