import { z } from 'zod';

import { WorkspaceId } from '../identifiers.ts';
import { WorkspaceSlug } from '../names.ts';
import { route } from '../route.ts';
import { NoBody, NoQuery, page, PageQuery } from './page.ts';

const Workspace = z.object({ id: WorkspaceId, slug: WorkspaceSlug, createdAt: z.iso.datetime() });
export type Workspace = z.infer<typeof Workspace>;

export const WorkspaceParams = z.strictObject({ workspace: WorkspaceSlug });

export const createWorkspace = route({
  name: 'workspace.create',
  method: 'POST',
  path: '/v1/workspaces',
  summary: 'Make a workspace: people, projects and everything in them, closed to every other workspace',
  needs: 'workspace:create',
  params: z.strictObject({}),
  query: NoQuery,
  body: z.strictObject({ slug: WorkspaceSlug }),
  output: Workspace,
  status: 201,
  transport: 'json',
});

export const listWorkspaces = route({
  name: 'workspace.list',
  method: 'GET',
  path: '/v1/workspaces',
  summary: 'List the workspaces that the token reaches',
  needs: 'signed-in',
  params: z.strictObject({}),
  query: PageQuery,
  body: NoBody,
  output: page(Workspace),
  status: 200,
  transport: 'json',
});
