import { z } from 'zod';

import { ObservedWorkload } from '../agent-requests.ts';
import { DeploymentState } from '../deployment-step.ts';
import { EnvironmentId, ReleaseId } from '../identifiers.ts';
import { EnvironmentSlug } from '../names.ts';
import { route } from '../route.ts';
import { NoBody, NoOutput, NoQuery, page, PageQuery } from './page.ts';
import { ProjectParams } from './projects.ts';

export const Stage = z.enum(['development', 'test', 'staging', 'production']);
export type Stage = z.infer<typeof Stage>;

export const Environment = z.object({
  id: EnvironmentId,
  slug: EnvironmentSlug,
  stage: Stage,
  criticality: z.enum(['critical', 'noncritical']),
  region: z.string(),
  /** With port where it is not 443. */
  url: z.url(),
  activeReleaseId: ReleaseId.nullable(),
  createdAt: z.iso.datetime(),
});
export type Environment = z.infer<typeof Environment>;

/** An environment with what was observed of it last. `observedAt` is null before the agent has told anything. */
export const EnvironmentStatus = Environment.extend({
  observedAt: z.iso.datetime().nullable(),
  message: z.string(),
  workloads: z.array(ObservedWorkload),
  deployment: z.object({ id: z.uuid(), state: DeploymentState, message: z.string() }).nullable(),
});
export type EnvironmentStatus = z.infer<typeof EnvironmentStatus>;

export const EnvironmentParams = ProjectParams.extend({ environment: EnvironmentSlug });

export const createEnvironment = route({
  name: 'environment.create',
  method: 'POST',
  path: '/v1/workspaces/:workspace/projects/:project/environments',
  summary: 'Make an environment: its own network, services, data and address',
  needs: 'environment:create',
  params: ProjectParams,
  query: NoQuery,
  body: z.strictObject({
    slug: EnvironmentSlug,
    stage: Stage,
    criticality: z.enum(['critical', 'noncritical']).optional(),
    /** Marks it for break tests; only in a workspace that was made for them. */
    throwaway: z.boolean().default(false),
  }),
  output: Environment,
  status: 201,
  transport: 'json',
});

export const listEnvironments = route({
  name: 'environment.list',
  method: 'GET',
  path: '/v1/workspaces/:workspace/projects/:project/environments',
  summary: 'List the environments of a project',
  needs: 'environment:read',
  params: ProjectParams,
  query: PageQuery,
  body: NoBody,
  output: page(Environment),
  status: 200,
  transport: 'json',
});

export const readEnvironment = route({
  name: 'environment.read',
  method: 'GET',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment',
  summary: 'Show an environment and the state of everything in it',
  needs: 'environment:read',
  params: EnvironmentParams,
  query: NoQuery,
  body: NoBody,
  output: EnvironmentStatus,
  status: 200,
  transport: 'json',
});

export const deleteEnvironment = route({
  name: 'environment.delete',
  method: 'DELETE',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment',
  summary: 'Delete an environment with all its data, for good',
  needs: 'environment:delete',
  params: EnvironmentParams,
  query: z.strictObject({ confirm: EnvironmentSlug }),
  body: NoBody,
  output: NoOutput,
  status: 204,
  transport: 'json',
});
