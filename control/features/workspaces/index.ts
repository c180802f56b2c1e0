import { createWorkspace } from './create-workspace.ts';
import { listWorkspaces } from './list-workspaces.ts';

/** The handlers of workspaces. */
export const workspaceHandlers = { createWorkspace, listWorkspaces };
