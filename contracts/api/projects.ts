import { z } from 'zod';

import { ProjectId } from '../identifiers.ts';
import { ProjectSlug } from '../names.ts';
import { route } from '../route.ts';
import { NoBody, NoOutput, NoQuery, page, PageQuery } from './page.ts';
import { WorkspaceParams } from './workspaces.ts';

export const Project = z.object({ id: ProjectId, slug: ProjectSlug, createdAt: z.iso.datetime() });
export type Project = z.infer<typeof Project>;

export const ProjectParams = WorkspaceParams.extend({ project: ProjectSlug });

export const createProject = route({
  name: 'project.create',
  method: 'POST',
  path: '/v1/workspaces/:workspace/projects',
  summary:
    'Make a project. Its name begins the addresses of its environments, so no two projects of the platform share one',
  needs: 'project:create',
  params: WorkspaceParams,
  query: NoQuery,
  body: z.strictObject({ slug: ProjectSlug }),
  output: Project,
  status: 201,
  transport: 'json',
});

export const listProjects = route({
  name: 'project.list',
  method: 'GET',
  path: '/v1/workspaces/:workspace/projects',
  summary: 'List the projects of a workspace',
  needs: 'project:read',
  params: WorkspaceParams,
  query: PageQuery,
  body: NoBody,
  output: page(Project),
  status: 200,
  transport: 'json',
});

export const deleteProject = route({
  name: 'project.delete',
  method: 'DELETE',
  path: '/v1/workspaces/:workspace/projects/:project',
  summary: 'Delete a project that has no environment left',
  needs: 'project:delete',
  params: ProjectParams,
  query: NoQuery,
  body: NoBody,
  output: NoOutput,
  status: 204,
  transport: 'json',
});
