import * as auditEvents from './audit-events.ts';
import * as controls from './controls.ts';
import * as deployments from './deployments.ts';
import * as domains from './domains.ts';
import * as environments from './environments.ts';
import * as platform from './platform.ts';
import * as projects from './projects.ts';
import * as tokens from './tokens.ts';
import * as workspaces from './workspaces.ts';
import type { Route } from '../route.ts';

/** Every route of the public API. Server, OpenAPI document, client and the coverage tests take their list from here. */
export const api = {
  readHealth: platform.readHealth,
  readMe: tokens.readMe,
  createWorkspace: workspaces.createWorkspace,
  listWorkspaces: workspaces.listWorkspaces,
  createToken: tokens.createToken,
  listTokens: tokens.listTokens,
  revokeToken: tokens.revokeToken,
  createProject: projects.createProject,
  listProjects: projects.listProjects,
  deleteProject: projects.deleteProject,
  createEnvironment: environments.createEnvironment,
  listEnvironments: environments.listEnvironments,
  readEnvironment: environments.readEnvironment,
  deleteEnvironment: environments.deleteEnvironment,
  uploadSource: deployments.uploadSource,
  createDeployment: deployments.createDeployment,
  rollBack: deployments.rollBack,
  readDeployment: deployments.readDeployment,
  listDeployments: deployments.listDeployments,
  streamDeployment: deployments.streamDeployment,
  listReleases: deployments.listReleases,
  streamLogs: deployments.streamLogs,
  addDomain: domains.addDomain,
  verifyDomain: domains.verifyDomain,
  listDomains: domains.listDomains,
  removeDomain: domains.removeDomain,
  listAuditEvents: auditEvents.listAuditEvents,
  listControls: controls.listControls,
  runControls: controls.runControls,
} as const satisfies Readonly<Record<string, Route>>;
