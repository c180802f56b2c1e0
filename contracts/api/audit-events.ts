import { z } from 'zod';

import { ActorId, RequestId } from '../identifiers.ts';
import { route } from '../route.ts';
import { NoBody, page, PageQuery } from './page.ts';
import { WorkspaceParams } from './workspaces.ts';

const AuditEvent = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  actorId: ActorId.nullable(),
  actorName: z.string(),
  /** The operation's name: `project.create`. */
  action: z.string(),
  outcome: z.enum(['allowed', 'denied']),
  /** What it was done to, for people: `guestbook/staging`. */
  subject: z.string(),
  before: z.json().nullable(),
  after: z.json().nullable(),
  requestId: RequestId.nullable(),
});

export const listAuditEvents = route({
  name: 'audit.list',
  method: 'GET',
  path: '/v1/workspaces/:workspace/audit-events',
  summary: 'List what was changed, or was tried and denied, newest first',
  needs: 'audit:read',
  params: WorkspaceParams,
  query: PageQuery.extend({ action: z.string().max(60).optional() }),
  body: NoBody,
  output: page(AuditEvent),
  status: 200,
  transport: 'json',
});
