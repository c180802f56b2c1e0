import { api } from '@ringfort/contracts/api/api.ts';

import { readPaging, toPage } from '../../paging.ts';
import { query } from '../../query.ts';

/** Lists the workspaces in which the token may do anything, by name. */
export const listWorkspaces = query(api.listWorkspaces, {
  run: async ({ actor, input }) => {
    const paging = readPaging(input.query);
    const rest = actor.grants.filter((grant) => paging.afterKey === undefined || grant.slug > paging.afterKey);
    return toPage(rest, paging, {
      key: (grant) => grant.slug,
      item: (grant) => ({ id: grant.workspaceId, slug: grant.slug, createdAt: grant.createdAt }),
    });
  },
});
