import { createHash } from 'node:crypto';

import { EnvironmentId, ReleaseId } from '@ringfort/contracts/identifiers.ts';
import { ComponentName, ServiceName } from '@ringfort/contracts/names.ts';

import type { EnvironmentPlace, EnvironmentPlan, WorkloadNetwork, WorkloadPlan } from './driver.ts';

/** Plans for tests: an application that answers over HTTP and a service that greets, as the agent would make them. */
export type TestSite = {
  /** First two bytes of the instance's network (`10.201`). */
  readonly network: string;
  readonly interfacePrefix: string;
  readonly uidBase: number;
  readonly image: string;
};

const releaseId = ReleaseId.parse(testId(9_999));

/** The place of the environment with this number, 1 to 200. */
function testPlace(site: TestSite, index: number): EnvironmentPlace {
  return {
    environmentId: EnvironmentId.parse(testId(index)),
    bridge: `${site.interfacePrefix}${index}`,
    subnet: `${site.network}.${index}.0/26`,
    gateway: `${site.network}.${index}.1`,
    uidStart: site.uidBase + index * 65_536,
    throwaway: true,
  };
}

/** A plan with an application, and a service that the application alone may reach. */
export function testPlan(site: TestSite, index: number): EnvironmentPlan {
  const place = testPlace(site, index);
  return { place, held: [], workloads: [testService(site, place), testApplication(site, place)] };
}

/** The same plan with other parts in its workloads; the digest follows. */
export function withWorkloads(
  plan: EnvironmentPlan,
  change: (before: WorkloadPlan) => Partial<WorkloadPlan>,
): EnvironmentPlan {
  return { ...plan, workloads: plan.workloads.map((before) => withDigest({ ...before, ...change(before) })) };
}

/** Addresses of the plan's workloads in any environment. */
export function testAddress(place: EnvironmentPlace, host: 'application' | 'service' | 'build'): string {
  return place.gateway.replace(/\.1$/, { application: '.10', service: '.20', build: '.30' }[host]);
}

export const servicePort = 3306;
export const applicationPort = 8080;

const serviceProgram = `
const fs = require('node:fs');
fs.appendFileSync('/data/starts', 'x');
console.log('starts', fs.readFileSync('/data/starts', 'utf8').length, fs.readFileSync('/run/secret', 'utf8'));
require('node:net').createServer((socket) => {
  socket.on('error', () => undefined);
  socket.end(Buffer.from([3, 0, 0, 0, 10, 0, 0]));
}).listen(${servicePort});
`;

const applicationProgram = `
console.log('listening');
require('node:http').createServer((request, response) => {
  response.statusCode = request.url === '/broken' ? 500 : 200;
  response.end('hello');
}).listen(${applicationPort});
`;

function testService(site: TestSite, place: EnvironmentPlace): WorkloadPlan {
  return workload(site, {
    key: 'service/database',
    ref: { kind: 'service', name: ServiceName.parse('database') },
    aliases: ['database'],
    address: testAddress(place, 'service'),
    command: ['node', '-e', serviceProgram],
    user: { uid: 999, gid: 999 },
    mounts: [
      { kind: 'volume', name: 'database', at: '/data', sizeMiB: 32 },
      { kind: 'file', name: 'secret', at: '/run/secret', content: 'hush' },
      { kind: 'tmpfs', at: '/tmp', sizeMiB: 16 },
    ],
    network: network({ accept: [{ port: servicePort, from: [testAddress(place, 'application')] }] }),
    health: { kind: 'mysql', port: servicePort, startSeconds: 30 },
  });
}

function testApplication(site: TestSite, place: EnvironmentPlace): WorkloadPlan {
  return workload(site, {
    key: `component/web/${releaseId}/0`,
    ref: { kind: 'component', name: ComponentName.parse('web'), releaseId, replica: 0 },
    aliases: ['web'],
    address: testAddress(place, 'application'),
    command: ['node', '-e', applicationProgram],
    user: { uid: 1_000, gid: 1_000 },
    mounts: [{ kind: 'tmpfs', at: '/tmp', sizeMiB: 16 }],
    network: network({
      accept: [{ port: applicationPort, from: 'edge' }],
      connect: [{ address: testAddress(place, 'service'), port: servicePort }],
      egress: 'open',
      resolver: true,
    }),
    health: { kind: 'http', port: applicationPort, path: '/', startSeconds: 30 },
  });
}

type Parts = Pick<
  WorkloadPlan,
  'key' | 'ref' | 'aliases' | 'address' | 'command' | 'user' | 'mounts' | 'network' | 'health'
>;

function workload(site: TestSite, parts: Parts): WorkloadPlan {
  const limits = { memoryBytesMax: 256 * 1024 * 1024, cpuMax: 1, processesMax: 64, openFilesMax: 1_024 };
  return withDigest({ ...parts, image: site.image, workingDirectory: '/', variables: {}, limits, digest: '' });
}

function network(parts: Partial<WorkloadNetwork>): WorkloadNetwork {
  return { accept: [], connect: [], egress: 'none', resolver: false, ...parts };
}

function withDigest(plan: WorkloadPlan): WorkloadPlan {
  const { network: _, digest: __, ...parts } = plan;
  return { ...plan, digest: createHash('sha256').update(JSON.stringify(parts)).digest('hex') };
}

function testId(index: number): string {
  return `01900000-0000-7000-8000-${String(index).padStart(12, '0')}`;
}
