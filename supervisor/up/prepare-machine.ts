import { architectures, checkMachine } from '../machine/check-machine.ts';
import {
  installPackages,
  listInstalledPackages,
  missingPackages,
  systemPackages,
  testPackages,
} from '../machine/system-packages.ts';
import type { Progress } from '../progress.ts';

/** Checks that Ringfort can run here and installs what the distribution has to give, after naming it. */
export async function prepareMachine(options: PrepareOptions, progress: Progress): Promise<void> {
  const { platform, arch } = process;
  await progress.step('Machine', () =>
    checkMachine({ platform, architecture: arch, uid: process.getuid?.() ?? -1, stateFolder: '/var/lib' }),
  );
  const needed = options.forTests ? [...systemPackages, ...testPackages] : systemPackages;
  const missing = missingPackages(needed, await listInstalledPackages());
  if (missing.length === 0) return;
  progress.note(`These system packages are missing and will be installed: ${missing.join(' ')}`);
  await progress.step('System packages', (report) => installPackages(missing, { env: options.env, onLine: report }));
}

export type PrepareOptions = { readonly forTests: boolean; readonly env: NodeJS.ProcessEnv };

/** The machine's processor in the words of container images. */
export function imageArchitecture(): string {
  return architectures[process.arch] ?? process.arch;
}
