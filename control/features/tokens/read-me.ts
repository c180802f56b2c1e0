import { api } from '@ringfort/contracts/api/api.ts';

import { query } from '../../query.ts';

/** Says who the token belongs to and what it may do where. */
export const readMe = query(api.readMe, {
  run: async ({ actor }) => ({
    actorId: actor.actorId,
    name: actor.name,
    grants: actor.grants.map((grant) => ({ workspace: grant.slug, permissions: grant.permissions })),
  }),
});
