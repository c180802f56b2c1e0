import { z } from 'zod';

/** Identifiers are UUIDs (version 7). Each kind is a type of its own, so that one cannot be passed for another. */
export const WorkspaceId = z.uuid().brand('WorkspaceId');
export const ProjectId = z.uuid().brand('ProjectId');
export const EnvironmentId = z.uuid().brand('EnvironmentId');
export const DeploymentId = z.uuid().brand('DeploymentId');
export const ReleaseId = z.uuid().brand('ReleaseId');
export const ActorId = z.uuid().brand('ActorId');
export const RequestId = z.uuid().brand('RequestId');

export type WorkspaceId = z.infer<typeof WorkspaceId>;
export type ProjectId = z.infer<typeof ProjectId>;
export type EnvironmentId = z.infer<typeof EnvironmentId>;
export type DeploymentId = z.infer<typeof DeploymentId>;
export type ReleaseId = z.infer<typeof ReleaseId>;
export type ActorId = z.infer<typeof ActorId>;
export type RequestId = z.infer<typeof RequestId>;
