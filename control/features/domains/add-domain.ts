import { randomBytes } from 'node:crypto';

import { api } from '@ringfort/contracts/api/api.ts';
import { contractLimits } from '@ringfort/contracts/limits.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { violates } from '../../db/database-problem.ts';
import { operation } from '../../operation.ts';
import type { RouteHandler } from '../../route-handler.ts';
import { lockEnvironment } from '../environments/store.ts';
import { describeDomain } from './describe-domain.ts';
import { type OwnNames, refuseOwnNames } from './refuse-own-names.ts';
import { countDomains, insertDomain } from './store.ts';

/** Adds a domain with a random proof. Anybody may claim a name; nothing is served before one of them has proved it. */
export function addDomain(own: OwnNames): RouteHandler<typeof api.addDomain> {
  return operation(api.addDomain, {
    run: async ({ tx, workspaceId, input }) => {
      const { hostname } = input.body;
      refuseOwnNames(hostname, own);
      const environment = await lockEnvironment(tx, { workspaceId, ...input.params });
      const max = contractLimits.hostnamesMax - 1;
      if ((await countDomains(tx, environment.id)) >= max)
        throw new Problem('state-conflict', `An environment has at most ${max} domains. Remove one first.`);
      const challenge = randomBytes(24).toString('base64url');
      const domain = { workspaceId, environmentId: environment.id, hostname, challenge };
      const row = await insertDomain(tx, domain).catch((error: unknown) => {
        if (!violates(error, 'domains_pkey')) throw error;
        throw new Problem('name-taken', `The environment has the domain “${hostname}” already.`, { cause: error });
      });
      const subject = `${input.params.project}/${input.params.environment}/${hostname}`;
      return { subject, after: { hostname, state: 'unproven' }, answer: describeDomain(row) };
    },
  });
}
