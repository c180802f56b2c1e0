import { api } from '@ringfort/contracts/api/api.ts';

import { readPaging, toPage } from '../../paging.ts';
import { query } from '../../query.ts';
import type { RouteHandler } from '../../route-handler.ts';
import { getProject } from '../projects/store.ts';
import { type AppsAddress, describeEnvironment } from './describe-environment.ts';
import { listEnvironmentRows } from './store.ts';

/** Lists the environments of a project by name. */
export function listEnvironments(address: AppsAddress): RouteHandler<typeof api.listEnvironments> {
  return query(api.listEnvironments, {
    run: async ({ tx, workspaceId, input }) => {
      const project = await getProject(tx, { workspaceId, project: input.params.project });
      const paging = readPaging(input.query);
      return toPage(await listEnvironmentRows(tx, project.id, paging), paging, {
        key: (row) => row.slug,
        item: (row) => describeEnvironment(row, address),
      });
    },
  });
}
