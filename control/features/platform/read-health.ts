import { api } from '@ringfort/contracts/api/api.ts';

import { pingDatabase } from '../../db/ping-database.ts';
import { publicQuery } from '../../query.ts';
import type { RouteHandler } from '../../route-handler.ts';

export type HealthSources = {
  /** Whether the agent answers, within a second. */
  readonly isAgentUp: () => Promise<boolean>;
  readonly version: string;
};

/** Says whether control's own neighbours answer; nothing about any workspace. Each is asked at most once a second. */
export function readHealth(sources: HealthSources): RouteHandler<typeof api.readHealth> {
  let asked: { readonly atMs: number; readonly answer: Promise<[boolean, boolean]> } | undefined;
  return publicQuery(api.readHealth, {
    run: async ({ services }) => {
      const nowMs = services.clock.nowMs();
      if (asked === undefined || nowMs - asked.atMs > 1_000)
        asked = { atMs: nowMs, answer: Promise.all([pingDatabase(services.database), sources.isAgentUp()]) };
      const [isDatabaseUp, isAgentUp] = await asked.answer;
      return {
        control: 'up',
        database: isDatabaseUp ? 'up' : 'down',
        agent: isAgentUp ? 'up' : 'down',
        version: sources.version,
      };
    },
  });
}
