import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ObservedEnvironment } from '@ringfort/contracts/agent-requests.ts';
import { ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import { ReleaseId } from '@ringfort/contracts/identifiers.ts';
import { Hostname } from '@ringfort/contracts/names.ts';

import type { BuildState } from './judge-builds.ts';
import { deploymentLimits as limits } from './limits.ts';
import { nextDeploymentStep } from './next-deployment-step.ts';
import type { DeploymentAction, DeploymentFacts } from './next-deployment-step.ts';

const releaseId = ReleaseId.parse('00000000-0000-7000-8000-000000000001');
const environmentId = '00000000-0000-7000-8000-0000000000c1';
const service = {
  workload: { kind: 'service', name: 'database' },
  state: 'healthy',
  reason: '',
  restarts: 0,
  startedAt: null,
};
const web = { ...service, workload: { kind: 'component', name: 'web', releaseId, replica: 0 } };
const endpoint = {
  text: JSON.stringify({ environmentId, releaseId, component: 'web', replica: 0, address: '10.0.0.2', port: 8_080 }),
  signature: 'AAAA',
};
const certificate = {
  hostname: 'shop-staging.localhost',
  chainPem: '',
  sealedKey: { encapsulated: '', ciphertext: '' },
  notAfter: '2027-01-01T00:00:00.000Z',
};
const observed = (changes: Readonly<Record<string, unknown>> = {}): ObservedEnvironment =>
  ObservedEnvironment.parse({
    environmentId,
    generation: 3,
    appliedGeneration: 3,
    message: '',
    workloads: [service],
    endpoints: [],
    certificates: [],
    ...changes,
  });
const facts: DeploymentFacts = {
  state: 'preparing',
  kind: 'source',
  nowMs: 1_000,
  watchedSinceMs: 0,
  environmentRemoved: false,
  awaitedGeneration: 3,
  observed: observed(),
  agentAnswers: true,
  refusal: undefined,
  releaseId: undefined,
  hostname: Hostname.parse('shop-staging.localhost'),
  components: [{ name: 'web', replicas: 1, startSeconds: 60 }],
  builds: new Map(),
  otherDrains: false,
  switchAcknowledged: false,
  silentEdges: [],
  drained: false,
};
const built = new Map<string, BuildState>([
  ['web', { state: 'built', image: ImageDigest.parse(`sha256:${'a'.repeat(64)}`) }],
]);
const starting = { state: 'starting', releaseId } as const;

const cases: readonly {
  readonly title: string;
  readonly facts: Partial<DeploymentFacts>;
  readonly action: DeploymentAction;
}[] = [
  { title: 'begins with preparing', facts: { state: 'unstarted' }, action: { type: 'enter', step: 'preparing' } },
  {
    title: 'waits for a specification that is not in effect',
    facts: { observed: observed({ appliedGeneration: 2, message: 'no space' }) },
    action: { type: 'wait', message: 'no space' },
  },
  {
    title: 'gives up on a specification that does not come into effect',
    facts: { observed: undefined, nowMs: limits.preparingMsMax },
    action: { type: 'fail', message: 'Took longer than 300 s. The agent makes the environment' },
  },
  { title: 'builds when it is in effect', facts: {}, action: { type: 'enter', step: 'building' } },
  { title: 'builds nothing for a rollback', facts: { kind: 'rollback' }, action: { type: 'enter', step: 'starting' } },
  {
    title: 'waits for builds and names them',
    facts: { state: 'building' },
    action: { type: 'wait', message: 'Builds web' },
  },
  {
    title: 'fails with a failed build',
    facts: { state: 'building', builds: new Map([['web', { state: 'failed', reason: 'exit code 2' }]]) },
    action: { type: 'fail', message: 'The build of web failed: exit code 2' },
  },
  {
    title: 'starts what is built',
    facts: { state: 'building', builds: built },
    action: { type: 'enter', step: 'starting' },
  },
  {
    title: 'starts nothing before the services are healthy',
    facts: {
      state: 'building',
      builds: built,
      observed: observed({ workloads: [{ ...service, state: 'starting', reason: 'no greeting yet' }] }),
    },
    action: { type: 'wait', message: 'Waits for the service “database”: no greeting yet' },
  },
  {
    title: 'starts nothing while an earlier release drains',
    facts: { state: 'building', builds: built, otherDrains: true },
    action: { type: 'wait', message: 'Waits until an earlier release has drained' },
  },
  {
    title: 'waits until the agent has made the release',
    facts: starting,
    action: { type: 'wait', message: 'web.0 is being made' },
  },
  {
    title: 'waits until the release is healthy',
    facts: {
      ...starting,
      observed: observed({ workloads: [service, { ...web, state: 'starting', reason: 'refused' }] }),
    },
    action: { type: 'wait', message: 'web.0 is not healthy yet: refused' },
  },
  {
    title: 'waits for signed addresses of a healthy release',
    facts: { ...starting, observed: observed({ workloads: [service, web] }) },
    action: { type: 'wait', message: 'web.0 has no address yet' },
  },
  {
    title: 'does not trust an observation from before the release',
    facts: {
      ...starting,
      awaitedGeneration: 4,
      observed: observed({ workloads: [service, web], endpoints: [endpoint] }),
    },
    action: { type: 'wait', message: 'The agent makes the environment' },
  },
  {
    title: 'waits for the certificate of a healthy release',
    facts: { ...starting, observed: observed({ workloads: [service, web], endpoints: [endpoint] }) },
    action: { type: 'wait', message: 'The certificate of shop-staging.localhost is being issued' },
  },
  {
    title: 'switches to a healthy release',
    facts: {
      ...starting,
      observed: observed({ workloads: [service, web], endpoints: [endpoint], certificates: [certificate] }),
    },
    action: { type: 'enter', step: 'switching' },
  },
  {
    title: 'fails a release that keeps ending',
    facts: {
      ...starting,
      observed: observed({ workloads: [{ ...web, state: 'stopped', reason: 'exit code 1', restarts: 5 }] }),
    },
    action: { type: 'fail', message: 'web.0 was restarted 5 times and is not healthy: exit code 1' },
  },
  {
    title: 'fails a release that is not healthy in its time',
    facts: {
      ...starting,
      observed: observed({ workloads: [{ ...web, state: 'unhealthy', reason: 'GET / answered 500' }] }),
      nowMs: 120_000,
    },
    action: { type: 'fail', message: 'Took longer than 120 s. web.0 is not healthy yet: GET / answered 500' },
  },
  {
    title: 'waits for edges and names them',
    facts: { state: 'switching', silentEdges: ['a', 'b'] },
    action: { type: 'wait', message: 'Waits until the edges serve the new release: “a”, “b”' },
  },
  {
    title: 'drains when edges serve the release',
    facts: { state: 'switching', switchAcknowledged: true },
    action: { type: 'enter', step: 'draining' },
  },
  {
    title: 'fails when a live edge does not follow',
    facts: { state: 'switching', silentEdges: ['a'], nowMs: limits.switchingMsMax },
    action: { type: 'fail', message: 'Took longer than 60 s. Waits until the edges serve the new release: “a”' },
  },
  {
    title: 'waits while the old release drains',
    facts: { state: 'draining' },
    action: { type: 'wait', message: 'Open requests of the old release end' },
  },
  {
    title: 'succeeds when it is gone',
    facts: { state: 'draining', drained: true },
    action: { type: 'enter', step: 'succeeded' },
  },
  {
    title: 'fails when the agent refuses what it would need',
    facts: { ...starting, refusal: 'too many workloads' },
    action: { type: 'fail', message: 'The agent refuses the environment’s specification: too many workloads' },
  },
  { title: 'rests after the end', facts: { state: 'failed' }, action: { type: 'wait', message: '' } },
  {
    title: 'ends with its environment',
    facts: { state: 'building', environmentRemoved: true },
    action: { type: 'fail', message: 'The environment is being deleted' },
  },
];

for (const { title, facts: changed, action } of cases)
  test(`nextDeploymentStep() decides what it does: it ${title}`, () => {
    assert.deepEqual(nextDeploymentStep({ ...facts, ...changed }), action);
  });
