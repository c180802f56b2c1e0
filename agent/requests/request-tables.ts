import type { KeyObject } from 'node:crypto';

import {
  ApplySpecRequest,
  BuildRequest,
  ExecRequest,
  ObserveRequest,
  StreamLogsRequest,
  type AgentRequestName,
} from '@ringfort/contracts/agent-requests.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { ProbeRequest } from '@ringfort/contracts/probe.ts';
import { Problem } from '@ringfort/contracts/problem.ts';
import type { Driver } from '@ringfort/drivers/driver.ts';

import type { PlatformCertificates } from '../authority/platform-certificates.ts';
import type { BuildDesk } from '../builds/build-desk.ts';
import { createSlots } from '../builds/slots.ts';
import type { Environments } from '../environments.ts';
import type { RequestHandler, RequestTable } from '../http/create-request-server.ts';
import { parseJson, readJsonBody } from '../http/json-body.ts';
import { sendJson, sendLines } from '../http/send-answer.ts';
import { agentLimits as limits } from '../limits.ts';
import type { Environment } from '../loop/environment.ts';
import type { PlaceBook } from '../store/place-book.ts';
import { observe } from './observe.ts';
import { streamLogs } from './stream-logs.ts';

/** The closed tables of the two sockets: who comes in by one of them can ask nothing of the other. */
export function createRequestTables(tools: RequestTools): {
  readonly control: RequestTable;
  readonly prober: RequestTable;
} {
  const handlers = createHandlers(tools);
  const table = (names: readonly AgentRequestName[]): RequestTable =>
    new Map(names.map((name) => [name, handlers[name]]));
  return {
    control: table(['applySpec', 'build', 'exec', 'streamLogs', 'observe']),
    prober: table(['probe', 'observe']),
  };
}

export type RequestTools = {
  readonly environments: Environments;
  readonly places: PlaceBook;
  readonly builds: BuildDesk;
  readonly driver: Driver;
  readonly key: KeyObject;
  readonly platformCertificates: PlatformCertificates;
};

function createHandlers(tools: RequestTools): Readonly<Record<AgentRequestName, RequestHandler>> {
  const { environments, driver, builds } = tools;
  const bytesMax = limits.requestBytesMax;
  const probes = createSlots({ atOnceMax: limits.probesAtOnceMax, waitingMax: limits.probesWaitingMax });
  const getEnvironment = (id: EnvironmentId): Environment => {
    const found = environments.find(id);
    if (found === undefined) throw new Problem('not-found', `There is no environment ${id} on this target.`);
    return found;
  };
  return {
    applySpec: async (message, response) => {
      const spec = await readJsonBody(message, { schema: ApplySpecRequest, bytesMax: limits.specBytesMax });
      await environments.apply(spec);
      sendJson(response, { generation: spec.generation });
    },
    build: async (message, response) => {
      const request = parseJson(String(message.headers['ringfort-request']), BuildRequest);
      const getPlaced = (): Environment => checkPlaced(getEnvironment(request.environmentId));
      const follow = await builds.begin(request, { source: message, getEnvironment: getPlaced });
      message.resume();
      await sendLines(response, follow);
    },
    exec: async (message) => {
      await readJsonBody(message, { schema: ExecRequest, bytesMax });
      // No session keys are trusted yet, so no ticket can be good (threat model: a broken control must not run commands).
      throw new Problem('ticket-refused', 'This target trusts no session keys yet, so nobody can run commands here.');
    },
    streamLogs: async (message, response) => {
      const request = await readJsonBody(message, { schema: StreamLogsRequest, bytesMax });
      const environment = getEnvironment(request.environmentId);
      await sendLines(response, (signal) => streamLogs(request, { environment, driver, signal }));
    },
    observe: async (message, response) => {
      const request = await readJsonBody(message, { schema: ObserveRequest, bytesMax });
      sendJson(response, observe(request, tools));
    },
    probe: async (message, response) => {
      const request = await readJsonBody(message, { schema: ProbeRequest, bytesMax });
      const plans = environments
        .list()
        .flatMap(({ plan, spec }) => (plan === undefined || spec.state === 'removed' ? [] : [plan]));
      const answer = await probes.run(() => driver.probe(request, plans), AbortSignal.timeout(limits.probeWaitMs));
      sendJson(response, answer);
    },
  };
}

function checkPlaced(environment: Environment): Environment {
  const { id, spec, appliedGeneration } = environment;
  if (spec.state === 'present' && appliedGeneration > 0) return environment;
  throw new Problem(
    'state-conflict',
    `Environment ${id} is not in place. Apply a specification and wait until it is in effect.`,
  );
}
