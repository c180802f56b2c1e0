import { api } from '@ringfort/contracts/api/api.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { violates } from '../../db/database-problem.ts';
import { preparedOperation } from '../../operation.ts';
import type { RouteHandler } from '../../route-handler.ts';
import { getEnvironment, lockEnvironment } from '../environments/store.ts';
import { describeDomain, proofOf } from './describe-domain.ts';
import type { ResolveTxt } from './dns-txt.ts';
import { getDomain, markProven } from './store.ts';

/** Looks for the TXT record, before the transaction begins, and marks the domain as proven when its challenge is there. */
export function verifyDomain(resolveTxt: ResolveTxt): RouteHandler<typeof api.verifyDomain> {
  return preparedOperation(api.verifyDomain, {
    prepare: async ({ read, workspaceId, input }) => {
      const domain = await read(async (tx) => {
        const environment = await getEnvironment(tx, { workspaceId, ...input.params });
        return getDomain(tx, { environmentId: environment.id, hostname: input.params.hostname });
      });
      const proof = proofOf(domain);
      const values = await resolveTxt(proof.name);
      if (values.includes(proof.value)) return { challenge: domain.challenge };
      const found = values.length === 0 ? 'there is none' : 'the one there has another value';
      throw new Problem('domain-unproven', `Publish the TXT record “${proof.name}” with “${proof.value}”; ${found}.`);
    },
    run: async ({ tx, workspaceId, input, prepared, clock, nudge }) => {
      const environment = await lockEnvironment(tx, { workspaceId, ...input.params });
      const key = { environmentId: environment.id, hostname: input.params.hostname };
      const before = await getDomain(tx, key);
      if (before.challenge !== prepared.challenge)
        throw new Problem('state-conflict', `The domain “${key.hostname}” was added anew meanwhile. Verify it again.`);
      const row = await markProven(tx, key, new Date(clock.nowMs())).catch((error: unknown) => {
        if (!violates(error, 'domains_proven_unique')) throw error;
        throw new Problem(
          'name-taken',
          `The domain “${key.hostname}” is proved and served elsewhere. Remove it there.`,
          {
            cause: error,
          },
        );
      });
      await nudge('environments', environment.id);
      const subject = `${input.params.project}/${input.params.environment}/${key.hostname}`;
      const states = { before: { state: describeDomain(before).state }, after: { state: 'proven' } };
      return { subject, ...states, answer: describeDomain(row) };
    },
  });
}
