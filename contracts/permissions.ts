import { z } from 'zod';

/** What a token may be allowed to do. A contract names exactly one; a role is a list of them. */
export const Permission = z.enum([
  'workspace:create',
  'workspace:read',
  'token:create',
  'token:read',
  'token:revoke',
  'project:create',
  'project:read',
  'project:delete',
  'environment:create',
  'environment:read',
  'environment:delete',
  'deployment:create',
  'deployment:read',
  'logs:read',
  'domain:add',
  'domain:read',
  'domain:verify',
  'domain:remove',
  'audit:read',
  'control:read',
  'control:run',
]);
export type Permission = z.infer<typeof Permission>;
