import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { BuildRequest } from '@ringfort/contracts/agent-requests.ts';
import type {
  BuildEvent,
  ObserveAnswer,
  ObservedEnvironment,
  ObservedWorkload,
} from '@ringfort/contracts/agent-requests.ts';
import type { Endpoint } from '@ringfort/contracts/edge-snapshot.ts';
import { EnvironmentSpec, ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import type { ComponentSpec } from '@ringfort/contracts/environment-spec.ts';
import type { EnvironmentId, ReleaseId } from '@ringfort/contracts/identifiers.ts';
import { problemDocument } from '@ringfort/contracts/problem-document.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

/**
 * Speaks the agent's protocol on a unix socket, for tests of control: it takes specifications and runs nothing. What it answers to
 * builds and observations is what the test sets.
 */
export type AgentStandIn = {
  readonly socketPath: string;
  readonly specs: Map<EnvironmentId, EnvironmentSpec>;
  readonly builds: BuildRequest[];
  /** What a build tells; by default two lines and an image. */
  build: (request: BuildRequest) => Iterable<BuildEvent>;
  /** The state of a component's replicas; by default healthy. */
  health: (component: ComponentSpec, releaseId: ReleaseId) => Pick<ObservedWorkload, 'state' | 'reason' | 'restarts'>;
  /** Answers every request with a problem while it is set. */
  failing: Problem | undefined;
  /** Refuses a specification. */
  refuse: (spec: EnvironmentSpec) => Problem | undefined;
  /** Names no addresses, like an agent that has just started. */
  forgetful: boolean;
  readonly close: () => Promise<void>;
};

/** Listens on the socket; nothing is set, everything is healthy and every build succeeds. */
export async function startAgentStandIn(socketPath: string): Promise<AgentStandIn> {
  const agent: AgentStandIn = {
    socketPath,
    specs: new Map(),
    builds: [],
    build: defaultBuild,
    health: () => ({ state: 'healthy', reason: '', restarts: 0 }),
    failing: undefined,
    refuse: () => undefined,
    forgetful: false,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  const server = createServer((request, response) => {
    answer(agent, request, response).catch((error: unknown) => sendProblem(response, error));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return agent;
}

async function answer(agent: AgentStandIn, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readText(request);
  if (agent.failing !== undefined) throw agent.failing;
  switch (request.url ?? '') {
    case '/v1/applySpec':
      return void response.end(JSON.stringify(applySpec(agent, EnvironmentSpec.parse(JSON.parse(body)))));
    case '/v1/observe':
      return void response.end(JSON.stringify(observe(agent)));
    case '/v1/build':
      return build(agent, BuildRequest.parse(JSON.parse(String(request.headers['ringfort-request']))), response);
    case '/v1/streamLogs':
      return void response.end(`${JSON.stringify({ at: nowText, source: 'web.0', stream: 'stdout', line: body })}\n`);
    default:
      throw new Problem('not-found', `There is no ${request.url ?? ''}`);
  }
}

const nowText = '2026-01-01T00:00:00.000Z';

function applySpec(agent: AgentStandIn, spec: EnvironmentSpec): { readonly generation: number } {
  const refusal = agent.refuse(spec);
  if (refusal !== undefined) throw refusal;
  const known = agent.specs.get(spec.environmentId);
  const isSame = JSON.stringify(known) === JSON.stringify(spec);
  if (known !== undefined && known.generation >= spec.generation && !isSame)
    throw new Problem('spec-stale', `Generation ${known.generation} was applied before`);
  agent.specs.set(spec.environmentId, spec);
  return { generation: spec.generation };
}

function observe(agent: AgentStandIn): ObserveAnswer {
  const present = [...agent.specs.values()].filter((spec) => spec.state === 'present');
  return { driver: 'simulated', environments: present.map((spec) => see(agent, spec)), platformCertificates: [] };
}

function see(agent: AgentStandIn, spec: EnvironmentSpec): ObservedEnvironment {
  const replicas = spec.releases.flatMap(({ releaseId, components }) =>
    components.flatMap((component) =>
      Array.from({ length: component.replicas }, (_, replica) => ({ releaseId, component, replica })),
    ),
  );
  const services = spec.services.map(({ name }) => ({ kind: 'service', name }) as const);
  const fine = { state: 'healthy', reason: '', restarts: 0, startedAt: nowText } as const;
  return {
    environmentId: spec.environmentId,
    generation: spec.generation,
    appliedGeneration: spec.generation,
    message: '',
    workloads: [
      ...services.map((workload) => ({ workload, ...fine })),
      ...replicas.map(({ releaseId, component, replica }) => ({
        workload: { kind: 'component', name: component.name, releaseId, replica } as const,
        startedAt: nowText,
        ...agent.health(component, releaseId),
      })),
    ],
    endpoints: (agent.forgetful ? [] : replicas).map(({ releaseId, component, replica }) => {
      const { environmentId } = spec;
      const address = `10.0.0.${2 + replica}`;
      const endpoint: Endpoint = {
        environmentId,
        releaseId,
        component: component.name,
        replica,
        address,
        port: component.port,
      };
      return { text: JSON.stringify(endpoint), signature: 'AAAA' };
    }),
    certificates: spec.hostnames.map((hostname) => ({
      hostname,
      chainPem: '',
      sealedKey: { encapsulated: '', ciphertext: '' },
      notAfter: '2027-01-01T00:00:00.000Z',
    })),
  };
}

async function build(agent: AgentStandIn, request: BuildRequest, response: ServerResponse): Promise<void> {
  agent.builds.push(request);
  for (const event of agent.build(request)) response.write(`${JSON.stringify(event)}\n`);
  response.end();
}

function* defaultBuild(request: BuildRequest): Iterable<BuildEvent> {
  yield { type: 'log', at: nowText, line: `building ${request.component}` };
  yield { type: 'log', at: nowText, line: 'done' };
  yield { type: 'built', image: ImageDigest.parse(`sha256:${request.sourceDigest}`), sizeBytes: 1 };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function sendProblem(response: ServerResponse, error: unknown): void {
  const problem = error instanceof Problem ? error : new Problem('internal', String(error));
  response.writeHead(problem.status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(problemDocument(problem)));
}
