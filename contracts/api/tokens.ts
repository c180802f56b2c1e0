import { z } from 'zod';

import { ActorId } from '../identifiers.ts';
import { Permission } from '../permissions.ts';
import { route } from '../route.ts';
import { NoBody, NoOutput, NoQuery, page, PageQuery } from './page.ts';
import { WorkspaceParams } from './workspaces.ts';

const Token = z.object({
  id: z.uuid(),
  actorId: ActorId,
  name: z.string(),
  permissions: z.array(Permission),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
});
export type Token = z.infer<typeof Token>;

export const createToken = route({
  name: 'token.create',
  method: 'POST',
  path: '/v1/workspaces/:workspace/tokens',
  summary: 'Make a token of this workspace; its text is shown this once. Nobody can grant more than they have',
  needs: 'token:create',
  params: WorkspaceParams,
  query: NoQuery,
  body: z.strictObject({
    name: z.string().trim().min(1).max(80),
    permissions: z.array(Permission).max(50),
    expiresInDays: z.number().int().min(1).max(400).default(90),
  }),
  output: Token.extend({ token: z.string() }),
  status: 201,
  transport: 'json',
});

export const listTokens = route({
  name: 'token.list',
  method: 'GET',
  path: '/v1/workspaces/:workspace/tokens',
  summary: 'List the tokens of a workspace, without their texts',
  needs: 'token:read',
  params: WorkspaceParams,
  query: PageQuery,
  body: NoBody,
  output: page(Token),
  status: 200,
  transport: 'json',
});

export const revokeToken = route({
  name: 'token.revoke',
  method: 'DELETE',
  path: '/v1/workspaces/:workspace/tokens/:token',
  summary: 'Revoke a token at once',
  needs: 'token:revoke',
  params: WorkspaceParams.extend({ token: z.uuid() }),
  query: NoQuery,
  body: NoBody,
  output: NoOutput,
  status: 204,
  transport: 'json',
});

export const readMe = route({
  name: 'me.read',
  method: 'GET',
  path: '/v1/me',
  summary: 'Say who the token belongs to, and what it may do where',
  needs: 'signed-in',
  params: z.strictObject({}),
  query: NoQuery,
  body: NoBody,
  output: z.object({
    actorId: ActorId,
    name: z.string(),
    grants: z.array(z.object({ workspace: z.string(), permissions: z.array(Permission) })),
  }),
  status: 200,
  transport: 'json',
});
