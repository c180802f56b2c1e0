import { api } from '@ringfort/contracts/api/api.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { operation } from '../../operation.ts';
import { lockEnvironment, markRemoved } from './store.ts';

/** Deletes an environment with all its data: it is a tombstone from here on, until the agent has said that nothing is left. */
export const deleteEnvironment = operation(api.deleteEnvironment, {
  run: async ({ tx, workspaceId, input, clock, nudge }) => {
    const environment = await lockEnvironment(tx, { workspaceId, ...input.params });
    if (input.query.confirm !== environment.slug) {
      const message = `has to be the name of the environment, “${environment.slug}”`;
      throw new Problem('input-invalid', `To delete it with all its data, “confirm” ${message}.`, {
        fields: [{ path: 'query.confirm', message }],
      });
    }
    await markRemoved(tx, environment, new Date(clock.nowMs()));
    await nudge('environments', environment.id);
    const { id, slug, stage, criticality } = environment;
    return { subject: `${input.params.project}/${slug}`, before: { id, slug, stage, criticality }, answer: undefined };
  },
});
