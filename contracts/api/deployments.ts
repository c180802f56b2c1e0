import { z } from 'zod';

import { LogEvent } from '../agent-requests.ts';
import { ProjectConfig } from '../application-config.ts';
import { DeploymentState } from '../deployment-step.ts';
import { DeploymentId, ReleaseId } from '../identifiers.ts';
import { route } from '../route.ts';
import { EnvironmentParams } from './environments.ts';
import { NoBody, NoQuery, page, PageQuery } from './page.ts';
import { WorkspaceParams } from './workspaces.ts';

const SourceDigest = z.string().regex(/^[0-9a-f]{64}$/);

export const Deployment = z.object({
  id: DeploymentId,
  kind: z.enum(['source', 'rollback']),
  state: DeploymentState,
  /** For people: what it waits for, or why it failed. */
  message: z.string(),
  releaseId: ReleaseId.nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type Deployment = z.infer<typeof Deployment>;

export const Release = z.object({
  id: ReleaseId,
  /** Counts up in each environment, for people. */
  number: z.number().int(),
  active: z.boolean(),
  sourceDigest: SourceDigest,
  createdAt: z.iso.datetime(),
});
export type Release = z.infer<typeof Release>;

/** The archive (tar, gzip) is stored by its content; it is opened by the build workload alone. */
export const uploadSource = route({
  name: 'source.upload',
  method: 'POST',
  path: '/v1/workspaces/:workspace/sources',
  summary: 'Store a source archive; its digest is then named in a deployment',
  needs: 'deployment:create',
  params: WorkspaceParams,
  query: NoQuery,
  body: NoBody,
  output: z.object({ sourceDigest: SourceDigest, sizeBytes: z.number().int() }),
  status: 201,
  transport: 'stream-in',
});

export const createDeployment = route({
  name: 'deployment.create',
  method: 'POST',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment/deployments',
  summary: 'Build a source archive and put it into service. An earlier deployment under way is superseded',
  needs: 'deployment:create',
  params: EnvironmentParams,
  query: NoQuery,
  body: z.strictObject({ sourceDigest: SourceDigest, config: ProjectConfig }),
  output: Deployment,
  status: 202,
  transport: 'json',
});

export const rollBack = route({
  name: 'deployment.rollback',
  method: 'POST',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment/rollbacks',
  summary: 'Put an earlier release back into service; without a release, the one before the active one',
  needs: 'deployment:create',
  params: EnvironmentParams,
  query: NoQuery,
  body: z.strictObject({ release: z.number().int().positive().optional() }),
  output: Deployment,
  status: 202,
  transport: 'json',
});

const DeploymentParams = EnvironmentParams.extend({ deployment: DeploymentId });

export const readDeployment = route({
  name: 'deployment.read',
  method: 'GET',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment/deployments/:deployment',
  summary: 'Show a deployment',
  needs: 'deployment:read',
  params: DeploymentParams,
  query: NoQuery,
  body: NoBody,
  output: Deployment,
  status: 200,
  transport: 'json',
});

export const listDeployments = route({
  name: 'deployment.list',
  method: 'GET',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment/deployments',
  summary: 'List the deployments of an environment, newest first',
  needs: 'deployment:read',
  params: EnvironmentParams,
  query: PageQuery,
  body: NoBody,
  output: page(Deployment),
  status: 200,
  transport: 'json',
});

/** One step's beginning or one line of the build, as they were stored. */
export const DeploymentEvent = z.object({
  at: z.iso.datetime(),
  state: DeploymentState,
  line: z.string(),
});
export type DeploymentEvent = z.infer<typeof DeploymentEvent>;

export const streamDeployment = route({
  name: 'deployment.stream',
  method: 'GET',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment/deployments/:deployment/events',
  summary: 'Follow a deployment: its steps and its build log, until it has ended',
  needs: 'deployment:read',
  params: DeploymentParams,
  query: z.strictObject({ follow: z.stringbool().default(true) }),
  body: NoBody,
  output: DeploymentEvent,
  status: 200,
  transport: 'ndjson-out',
});

export const listReleases = route({
  name: 'release.list',
  method: 'GET',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment/releases',
  summary: 'List the releases of an environment, newest first',
  needs: 'deployment:read',
  params: EnvironmentParams,
  query: PageQuery,
  body: NoBody,
  output: page(Release),
  status: 200,
  transport: 'json',
});

export const streamLogs = route({
  name: 'logs.stream',
  method: 'GET',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment/logs',
  summary: 'Show what the workloads of an environment write, and follow it',
  needs: 'logs:read',
  params: EnvironmentParams,
  query: z.strictObject({
    component: z.string().max(30).optional(),
    tailLines: z.coerce.number().int().min(0).max(10_000).default(200),
    follow: z.stringbool().default(false),
  }),
  body: NoBody,
  output: LogEvent,
  status: 200,
  transport: 'ndjson-out',
});
