import type { Environment as EnvironmentAnswer } from '@ringfort/contracts/api/environments.ts';
import type { Hostname } from '@ringfort/contracts/names.ts';

import type { ServedEnvironment } from './store.ts';

/** Where applications are reached from outside. */
export type AppsAddress = { readonly appsDomain: Hostname; readonly httpsPort: number };

/** An environment as the API shows it. */
export function describeEnvironment(row: ServedEnvironment, address: AppsAddress): EnvironmentAnswer {
  return {
    id: row.id,
    slug: row.slug,
    stage: row.stage,
    criticality: row.criticality,
    region: row.region,
    url: environmentUrl(row.label, address),
    activeReleaseId: row.active_release_id,
    createdAt: row.created_at.toISOString(),
  };
}

function environmentUrl(label: string, { appsDomain, httpsPort }: AppsAddress): string {
  return `https://${label}.${appsDomain}${httpsPort === 443 ? '' : `:${httpsPort}`}`;
}
