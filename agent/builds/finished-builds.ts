import type { BuildRequest } from '@ringfort/contracts/agent-requests.ts';
import type { ImageDigest } from '@ringfort/contracts/environment-spec.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';

import { agentLimits as limits } from '../limits.ts';
import type { Environment } from '../loop/environment.ts';
import { buildsDocument, type BuildOutcome, type FinishedBuild } from '../store/environment-documents.ts';
import type { EnvironmentStore } from '../store/environment-store.ts';

/** How an earlier build of this id and component ended, if it did. */
export async function findFinishedBuild(
  store: EnvironmentStore,
  { environmentId, buildId, component }: BuildRequest,
): Promise<FinishedBuild | undefined> {
  const builds = await listFinishedBuilds(store, environmentId);
  return builds.find(({ request }) => request.buildId === buildId && request.component === component);
}

/** Keeps how a build ended; the builds of the oldest deployments make room. One call for an environment at a time. */
export async function keepFinishedBuild(store: EnvironmentStore, build: FinishedBuild): Promise<void> {
  const { environmentId } = build.request;
  const all = [...(await listFinishedBuilds(store, environmentId)), build];
  const kept = [...new Set(all.map(({ request }) => request.buildId))].slice(-limits.buildsKeptMax);
  const builds = all.filter(({ request }) => kept.includes(request.buildId));
  await store.write(environmentId, buildsDocument, { v: 1, builds });
}

/** The images that may be needed again: of releases that run, and of the builds that are kept, for going back to one. */
export async function listKeptImages(
  store: EnvironmentStore,
  { id, spec }: Environment,
): Promise<readonly ImageDigest[]> {
  const running = spec.releases.flatMap(({ components }) => components.map(({ image }) => image));
  const built = (await listFinishedBuilds(store, id)).flatMap(({ outcome }) => imageOf(outcome));
  return [...new Set([...running, ...built])];
}

async function listFinishedBuilds(store: EnvironmentStore, id: EnvironmentId): Promise<readonly FinishedBuild[]> {
  return (await store.find(id, buildsDocument))?.builds ?? [];
}

function imageOf(outcome: BuildOutcome): readonly ImageDigest[] {
  return outcome.type === 'built' ? [outcome.image] : [];
}
