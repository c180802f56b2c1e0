import { z } from 'zod';

import { route } from '../route.ts';
import { NoBody, NoQuery } from './page.ts';

export const readHealth = route({
  name: 'platform.health',
  method: 'GET',
  path: '/v1/health',
  summary: 'Say whether control, its database and the agent answer. Tells nothing of any workspace',
  needs: 'public',
  params: z.strictObject({}),
  query: NoQuery,
  body: NoBody,
  output: z.object({
    control: z.literal('up'),
    database: z.enum(['up', 'down']),
    agent: z.enum(['up', 'down']),
    version: z.string(),
  }),
  status: 200,
  transport: 'json',
});
