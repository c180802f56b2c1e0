import { join } from 'node:path';

import type { SupervisorSettings } from '../config.ts';
import { ensureImages } from '../images/ensure-images.ts';
import type { ImageArchive } from '../images/image-archives.ts';
import { getBinaryPackage } from '../program/binary-packages.ts';
import type { Progress } from '../progress.ts';
import { imageArchitecture } from './prepare-machine.ts';

/** Sees to the images of this week, in the cache that all instances share. */
export async function prepareImages(
  settings: SupervisorSettings,
  progress: Progress,
  nowMs: number,
): Promise<ReadonlyMap<string, ImageArchive>> {
  const node = await getBinaryPackage(settings.sourceFolder, 'node-linux', process.arch);
  return progress.step('Images of runtimes and services', (report) =>
    ensureImages({
      runtimesFolder: join(settings.sourceFolder, 'runtimes'),
      cacheFolder: join(settings.roots.cache, 'images'),
      sources: {
        certificateBundle: settings.certificateBundle,
        nodeBinary: join(node.folder, 'bin', 'node'),
        env: settings.env,
      },
      mirrors: settings.mirrors,
      architecture: imageArchitecture(),
      nowMs,
      onLine: (name, line) => report(`${name}: ${line}`),
      onOlder: (archive) => progress.note(`${archive.name} cannot be built now; the one of ${archive.version} is used`),
    }),
  );
}
