import { Permission } from '@ringfort/contracts/permissions.ts';

/** Permissions that belong to no workspace; a token of a workspace never has them. */
export const platformPermissions = ['workspace:create', 'control:read', 'control:run'] as const satisfies Permission[];

/** Permissions inside a workspace; who makes one has them all in it. */
export const workspacePermissions: readonly Permission[] = Permission.options.filter(
  (permission) => !isPlatformPermission(permission),
);

/** Whether the permission belongs to no workspace. */
export function isPlatformPermission(permission: Permission): boolean {
  return platformPermissions.some((candidate) => candidate === permission);
}
