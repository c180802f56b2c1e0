import { createReadStream } from 'node:fs';

import { ImageDigest } from '@ringfort/contracts/environment-spec.ts';

import type { BuildPlan, BuildResult } from '../driver.ts';
import { createContainer, removeContainer } from './containers.ts';
import type { DriverContext } from './context.ts';
import { Created, ImageDetail } from './engine-schemas.ts';
import { labels } from './labels.ts';

/** Users of applications and of their builds. */
export const applicationUser = { uid: 1_000, gid: 1_000 } as const;

/**
 * Makes the image: the runtime with the build's files on top. The files come as an archive that was checked and written anew; no
 * program of the tenant runs, and the engine unpacks inside the image's own root (chroot).
 */
export async function makeImage(context: DriverContext, options: ImageOptions): Promise<BuildResult> {
  const { engine } = context;
  const { place, buildId, image, component } = options.plan;
  const id = await createContainer(context, {
    name: options.name,
    image,
    command: ['true'],
    user: `${applicationUser.uid}:${applicationUser.gid}`,
    netns: { nsmode: 'none' },
    labels: {
      [labels.instance]: context.options.instance,
      [labels.environment]: place.environmentId,
      [labels.build]: `${buildId}/${component}`,
    },
  });
  try {
    const upload = createReadStream(options.layerPath);
    await engine.act({ method: 'PUT', path: `containers/${id}/archive`, query: { path: '/' }, upload });
    const query = { container: id, format: 'oci', pause: 'false' };
    const { Id } = await engine.get({ method: 'POST', path: 'commit', query }, Created);
    const detail = await engine.get({ method: 'GET', path: `images/${Id}/json` }, ImageDetail);
    return { image: ImageDigest.parse(`sha256:${detail.Id}`), sizeBytes: options.sizeBytes };
  } finally {
    await removeContainer(context, id);
  }
}

export type ImageOptions = {
  readonly plan: BuildPlan;
  readonly name: string;
  /** The checked archive, below `app/`. */
  readonly layerPath: string;
  readonly sizeBytes: number;
};
