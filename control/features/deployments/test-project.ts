import { Readable } from 'node:stream';

import { api } from '@ringfort/contracts/api/api.ts';
import type { Deployment, DeploymentEvent, Release } from '@ringfort/contracts/api/deployments.ts';
import { EdgeSites } from '@ringfort/contracts/edge-snapshot.ts';
import type { Site } from '@ringfort/contracts/edge-snapshot.ts';
import type { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';

import type { TestDatabase, TestDatabases } from '../../db/test-database.ts';
import { deploymentLimits } from './limits.ts';
import { startTestPlatform } from './test-platform.ts';
import type { TestPlatform } from './test-platform.ts';

/** A project `shop` with the environment `staging` on a test platform, and what tests do with it. */
export type TestProject = {
  readonly platform: TestPlatform;
  readonly upload: (content?: string) => Promise<string>;
  /** Asks for a deployment of a fresh source; gives its id. */
  readonly deploy: (config?: Readonly<Record<string, unknown>>) => Promise<string>;
  readonly rollBack: (release?: number) => Promise<string>;
  readonly read: (id: string) => Promise<Deployment>;
  readonly events: (id: string) => Promise<readonly DeploymentEvent[]>;
  /** The same, until the deployment has ended. */
  readonly follow: (id: string) => Promise<readonly DeploymentEvent[]>;
  readonly releases: () => Promise<readonly Release[]>;
  /** Rounds until the deployment is in this state; fails when it ends in another. */
  readonly reach: (id: string, state: Deployment['state']) => Promise<void>;
  /** Rounds, with edges that acknowledge and time that passes, until the deployment has ended. */
  readonly finish: (id: string) => Promise<Deployment['state']>;
  readonly deleteEnvironment: () => Promise<unknown>;
  readonly createEnvironment: () => Promise<unknown>;
  /** What the newest snapshot says of the environment. */
  readonly site: () => Promise<Site | undefined>;
  /** What the agent was told last. */
  readonly spec: () => EnvironmentSpec;
};

export const testConfig = {
  name: 'shop',
  applications: {
    web: { runtime: 'node@24', build: 'npm ci', start: 'node web.js', relationships: { database: 'database' } },
  },
  services: { database: { type: 'mysql@11.8' } },
} as const;

const params = { workspace: 'main', project: 'shop', environment: 'staging' } as const;
const roundsMax = 60;

/** Runs a test with a project on a platform and a database of its own, which end with it whatever happens. */
export async function withTestProject(
  databases: TestDatabases,
  run: (project: TestProject, database: TestDatabase) => Promise<void>,
): Promise<void> {
  const database = await databases.create();
  const platform = await startTestPlatform(database);
  try {
    await run(await makeTestProject(platform), database);
  } finally {
    await platform.close();
    await database.close();
  }
}

async function makeTestProject(platform: TestPlatform): Promise<TestProject> {
  await platform.call('createProject', { params, body: { slug: 'shop' } });
  const createEnvironment = (): Promise<unknown> =>
    platform.call('createEnvironment', { params, body: { slug: 'staging', stage: 'staging' } });
  await createEnvironment();
  let uploads = 0;
  const upload = async (content = `archive ${(uploads += 1)}`): Promise<string> => {
    const bytes = Readable.from([Buffer.from(content)]);
    const answer = await platform.call('uploadSource', { params, bytes });
    return api.uploadSource.output.parse(answer).sourceDigest;
  };
  const read = async (id: string): Promise<Deployment> =>
    api.readDeployment.output.parse(await platform.call('readDeployment', { params: { ...params, deployment: id } }));
  const tell = async (id: string, follow: string): Promise<readonly DeploymentEvent[]> => {
    const call = { params: { ...params, deployment: id }, query: { follow } };
    return (await platform.stream('streamDeployment', call)).map((item) => api.streamDeployment.output.parse(item));
  };
  return {
    platform,
    upload,
    read,
    deploy: async (config = testConfig) => {
      const body = { sourceDigest: await upload(), config };
      return api.createDeployment.output.parse(await platform.call('createDeployment', { params, body })).id;
    },
    rollBack: async (release) => {
      const body = release === undefined ? {} : { release };
      return api.rollBack.output.parse(await platform.call('rollBack', { params, body })).id;
    },
    events: (id) => tell(id, 'false'),
    follow: (id) => tell(id, 'true'),
    releases: async () => api.listReleases.output.parse(await platform.call('listReleases', { params })).items,
    ...createRounds(platform, read),
    createEnvironment,
    deleteEnvironment: () => platform.call('deleteEnvironment', { params, query: { confirm: 'staging' } }),
    site: async () => {
      const loaded = await platform.newest();
      if (loaded === undefined) return undefined;
      return EdgeSites.parse(JSON.parse(loaded.snapshot.sites.text)).sites[0];
    },
    spec: () => {
      const spec = [...platform.agent.specs.values()][0];
      if (spec === undefined) throw new Error('The agent was told nothing');
      return spec;
    },
  };
}

function createRounds(platform: TestPlatform, read: TestProject['read']): Pick<TestProject, 'reach' | 'finish'> {
  const isOver = async (id: string): Promise<boolean> => (await read(id)).finishedAt !== null;
  return {
    reach: async (id, state) => {
      for (let rounds = 0; rounds < roundsMax; rounds += 1) {
        if ((await read(id)).state === state && rounds > 0) return;
        if (state === 'draining') await platform.acknowledge();
        await platform.round();
      }
      throw new Error(`The deployment does not reach ${state}: ${JSON.stringify(await read(id))}`);
    },
    finish: async (id) => {
      for (let rounds = 0; rounds < roundsMax && !(await isOver(id)); rounds += 1) {
        await platform.round();
        await platform.acknowledge();
        if ((await read(id)).state === 'draining') platform.clock.advance(deploymentLimits.drainingMs);
      }
      return (await read(id)).state;
    },
  };
}
