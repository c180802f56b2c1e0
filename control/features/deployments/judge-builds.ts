import type { ImageDigest } from '@ringfort/contracts/environment-spec.ts';

/** How the builds of a release stand: the first failure as a sentence, and the components that are not built yet. */
export function judgeBuilds(
  components: readonly { readonly name: string }[],
  builds: ReadonlyMap<string, BuildState>,
): BuildVerdict {
  const missing: string[] = [];
  for (const { name } of components) {
    const build = builds.get(name);
    if (build?.state === 'failed') return { failure: `The build of ${name} failed: ${build.reason}`, missing };
    if (build === undefined) missing.push(name);
  }
  return { failure: undefined, missing };
}

export type BuildState =
  | { readonly state: 'built'; readonly image: ImageDigest }
  | { readonly state: 'failed'; readonly reason: string };

export type BuildVerdict = { readonly failure: string | undefined; readonly missing: readonly string[] };
