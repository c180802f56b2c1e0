import { z } from 'zod';

import { Hostname } from '../names.ts';
import { route } from '../route.ts';
import { EnvironmentParams } from './environments.ts';
import { NoBody, NoOutput, NoQuery, page, PageQuery } from './page.ts';

export const Domain = z.object({
  hostname: Hostname,
  state: z.enum(['unproven', 'proven']),
  /** The TXT record that proves ownership. */
  proof: z.object({ name: z.string(), value: z.string() }),
  createdAt: z.iso.datetime(),
  provenAt: z.iso.datetime().nullable(),
});
export type Domain = z.infer<typeof Domain>;

const DomainParams = EnvironmentParams.extend({ hostname: Hostname });

export const addDomain = route({
  name: 'domain.add',
  method: 'POST',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment/domains',
  summary: 'Add a domain of your own. It is served once a TXT record proves that it is yours',
  needs: 'domain:add',
  params: EnvironmentParams,
  query: NoQuery,
  body: z.strictObject({ hostname: Hostname }),
  output: Domain,
  status: 201,
  transport: 'json',
});

export const verifyDomain = route({
  name: 'domain.verify',
  method: 'POST',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment/domains/:hostname/verifications',
  summary: 'Look for the TXT record now',
  needs: 'domain:verify',
  params: DomainParams,
  query: NoQuery,
  body: NoBody,
  output: Domain,
  status: 200,
  transport: 'json',
});

export const listDomains = route({
  name: 'domain.list',
  method: 'GET',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment/domains',
  summary: 'List the domains of an environment',
  needs: 'domain:read',
  params: EnvironmentParams,
  query: PageQuery,
  body: NoBody,
  output: page(Domain),
  status: 200,
  transport: 'json',
});

export const removeDomain = route({
  name: 'domain.remove',
  method: 'DELETE',
  path: '/v1/workspaces/:workspace/projects/:project/environments/:environment/domains/:hostname',
  summary: 'Remove a domain',
  needs: 'domain:remove',
  params: DomainParams,
  query: NoQuery,
  body: NoBody,
  output: NoOutput,
  status: 204,
  transport: 'json',
});
