import { join } from 'node:path';

import type { EdgeCertificate } from '@ringfort/contracts/edge-snapshot.ts';
import type { AgentConfig } from '@ringfort/contracts/program-config.ts';
import type { Clock } from '@ringfort/kit/clock.ts';

import { KeptCertificates } from '../store/environment-documents.ts';
import { findJsonFile } from '../store/find-json-file.ts';
import { writeFileAtomically } from '../store/write-file-atomically.ts';
import type { Authority } from './authority.ts';
import { noCertificates, renewCertificates } from './renew-certificates.ts';

/** The certificates of the platform's own host names, kept in `platform-certificates.json`. */
export type PlatformCertificates = {
  readonly list: () => EdgeCertificate[];
  /** Makes new ones where that is due. */
  readonly renew: () => Promise<void>;
};

/** Reads them back, and makes what is missing or due. */
export async function openPlatformCertificates(options: PlatformOptions): Promise<PlatformCertificates> {
  const { config, authority, clock } = options;
  const path = join(config.home, 'platform-certificates.json');
  let kept = (await findJsonFile(path, KeptCertificates)) ?? noCertificates;
  const renew = async (): Promise<void> => {
    const renewal = { authority, edgeSealingKey: config.edgeSealingKey, nowMs: clock.nowMs() };
    const next = await renewCertificates(config.platformHostnames, kept, renewal);
    if (next === kept) return;
    await writeFileAtomically(path, JSON.stringify(next, null, 2));
    kept = next;
  };
  await renew();
  return { list: () => kept.certificates.map(({ certificate }) => certificate), renew };
}

export type PlatformOptions = {
  readonly config: Pick<AgentConfig, 'home' | 'platformHostnames' | 'edgeSealingKey'>;
  readonly authority: Authority;
  readonly clock: Clock;
};
