import type { ControlConfig } from '@ringfort/contracts/program-config.ts';

import type { AgentClient } from './agent-client.ts';
import { listAuditEvents } from './features/audit/list-audit-events.ts';
import { deploymentHandlers } from './features/deployments/index.ts';
import type { ResolveTxt } from './features/domains/dns-txt.ts';
import { domainHandlers } from './features/domains/index.ts';
import { environmentHandlers } from './features/environments/index.ts';
import { readHealth } from './features/platform/read-health.ts';
import { projectHandlers } from './features/projects/index.ts';
import { releaseHandlers } from './features/releases/index.ts';
import { sourceHandlers } from './features/sources/index.ts';
import type { SourceBlobs } from './features/sources/source-blobs.ts';
import { tokenHandlers } from './features/tokens/index.ts';
import { workspaceHandlers } from './features/workspaces/index.ts';

/** What the handlers need besides the database. */
export type HandlerParts = {
  readonly config: Pick<ControlConfig, 'appsDomain' | 'platformHostname' | 'httpsPort' | 'region'>;
  readonly agent: AgentClient;
  readonly blobs: SourceBlobs;
  readonly resolveTxt: ResolveTxt;
  readonly version: string;
};

/** The handlers of everything but the controls, which use some of them. */
export function platformHandlers({ config, agent, blobs, resolveTxt, version }: HandlerParts) {
  const { appsDomain, platformHostname, httpsPort, region } = config;
  return {
    ...projectHandlers,
    ...releaseHandlers,
    ...tokenHandlers,
    ...workspaceHandlers,
    ...sourceHandlers(blobs),
    ...deploymentHandlers(agent),
    ...environmentHandlers({ appsDomain, httpsPort, region }),
    ...domainHandlers({ appsDomain, platformHostname }, resolveTxt),
    listAuditEvents,
    readHealth: readHealth({ isAgentUp: () => isUp(agent), version }),
  };
}

async function isUp(agent: AgentClient): Promise<boolean> {
  try {
    await agent.observe();
    return true;
  } catch {
    return false;
  }
}
