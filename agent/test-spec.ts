import { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';

/** Identifiers for tests: the same number gives the same one. */
export function testId(number: number): string {
  return `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

const testImage = `sha256:${'a'.repeat(64)}`;

/** For tests: an environment with a database and one application in two replicas that uses it. Parts may be replaced. */
export function testSpec(parts: Readonly<Record<string, unknown>> = {}): EnvironmentSpec {
  return EnvironmentSpec.parse({
    v: 1,
    workspaceId: testId(1),
    projectId: testId(2),
    environmentId: testId(3),
    project: 'guestbook',
    environment: 'staging',
    generation: 1,
    state: 'present',
    criticality: 'critical',
    throwaway: false,
    services: [{ name: 'database', type: 'mysql@11.8', diskMiB: 512, memoryMiB: 256 }],
    releases: [testRelease(4)],
    hostnames: ['guestbook-staging.localhost'],
    egress: { mode: 'open' },
    ...parts,
  });
}

/** A release of the application; `parts` replace those of its only component. */
export function testRelease(
  number: number,
  parts: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const component = {
    name: 'web',
    image: testImage,
    runtime: 'node@24',
    start: 'node server.js',
    port: 8_080,
    replicas: 2,
    health: { path: '/healthz', startSeconds: 30 },
    relationships: { database: 'database' },
    variables: { GREETING: 'hello', PORT: '1' },
    memoryMiB: 128,
    ...parts,
  };
  return { releaseId: testId(number), components: [component] };
}
