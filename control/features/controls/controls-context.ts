import { randomBytes } from 'node:crypto';

import type { Clock } from '@ringfort/kit/clock.ts';

import { createAuditWall } from '../../db/audit-wall.ts';
import type { Database } from '../../db/database.ts';
import type { AuditWall, ControlContext, Probe } from './control.ts';
import { lookAround } from './look-around.ts';
import type { ProberClient } from './prober-client.ts';
import { sandboxWorkspaceId } from './sandbox-workspace.ts';
import type { SeenEnvironment } from './seen-environment.ts';
import { listWorkspaceIds } from './store.ts';

/** Two roles on one database: the one whose rights are tested, and the one that knows which workspaces there are. */
export type DatabasePair = { readonly runtime: Database; readonly reconciler: Database };

export type ControlsEnvironment = {
  readonly live: DatabasePair;
  readonly throwaway: DatabasePair;
  readonly prober: ProberClient;
  readonly clock: Clock;
  readonly newId: () => string;
};

/** What a control runs with in earnest: every environment but those of break tests, and the live database. */
export async function liveContext(environment: ControlsEnvironment): Promise<ControlContext> {
  const environments = (await lookAround(environment.live.reconciler)).filter((seen) => !seen.throwaway);
  return context(environment, { environments, database: environment.live });
}

/** What a control runs with in a break test: the sandbox's environments, and the throw-away database. */
export async function sandboxContext(
  environment: ControlsEnvironment,
  ids: readonly string[],
): Promise<ControlContext> {
  const seen = await lookAround(environment.live.reconciler);
  const environments = seen.filter((candidate) => candidate.throwaway && ids.includes(candidate.environmentId));
  return context(environment, { environments, database: environment.throwaway });
}

type Scene = { readonly environments: readonly SeenEnvironment[]; readonly database: DatabasePair };

function context({ clock, newId, prober }: ControlsEnvironment, { environments, database }: Scene): ControlContext {
  return { clock, environments, nonce, probe: probeThrough(prober), database: auditWall(database, newId) };
}

/** 128 bits, in hexadecimal. */
function nonce(): string {
  return randomBytes(16).toString('hex');
}

/** The wall of the first workspace that there is; looked up when it is asked for, because the database may be away. */
function auditWall(database: DatabasePair, newId: () => string): AuditWall {
  const wall = async (): Promise<AuditWall> => {
    const workspaceId = (await listWorkspaceIds(database.reconciler)).find((id) => id !== sandboxWorkspaceId);
    if (workspaceId === undefined) throw new Error('There is no workspace');
    return createAuditWall({ database: database.runtime, workspaceId, newId });
  };
  return {
    listTenantTables: async () => (await wall()).listTenantTables(),
    writeUnaudited: async (table, verb) => (await wall()).writeUnaudited(table, verb),
    writeAudited: async () => (await wall()).writeAudited(),
  };
}

function probeThrough(prober: ProberClient): Probe {
  return {
    attempt: async (from, attempts) => {
      const { answer } = await prober.probe({ action: 'attempt', from, attempts: [...attempts] });
      return answer.action === 'attempt' ? answer.outcomes : [];
    },
    listeners: async (at) => {
      const { answer } = await prober.probe({ action: 'listeners', at });
      return answer.action === 'listeners' ? answer : { listeners: [], addresses: [] };
    },
    canary: async (at, canary) => {
      const { answer } = await prober.probe({ action: 'canary', at, ...canary });
      return answer.action === 'canary' && answer.listening;
    },
  };
}
