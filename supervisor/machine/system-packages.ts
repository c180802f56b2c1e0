import { CommandFailure, runCommand } from '../processes/run-command.ts';
import { supervisorLimits as limits } from '../limits.ts';
import { SetupFailure } from '../setup-failure.ts';

/** What Ringfort needs of the distribution. Where there are several names, any one of them will do; the first is installed. */
export const systemPackages: readonly (readonly string[])[] = [
  ['podman'],
  ['runc', 'crun'],
  ['netavark'],
  ['aardvark-dns'],
  ['conmon'],
  ['iptables'],
  ['nftables'],
  ['iproute2'],
  ['iputils-ping'],
  ['debootstrap'],
  ['debian-archive-keyring'],
  ['ca-certificates'],
  ['curl'],
  ['e2fsprogs'],
  ['mount'],
  ['passwd'],
  ['tar'],
  ['util-linux'],
];

/** What the tests need in addition. */
export const testPackages: readonly (readonly string[])[] = [['chromium']];

/** Names the packages to install, given what is installed. */
export function missingPackages(
  needed: readonly (readonly string[])[],
  installed: ReadonlySet<string>,
): readonly string[] {
  return needed.filter((names) => !names.some((name) => installed.has(name))).flatMap((names) => names.slice(0, 1));
}

/** The names of all packages that dpkg has installed wholly. */
export async function listInstalledPackages(): Promise<ReadonlySet<string>> {
  const lines = await runCommand(['dpkg-query', '--show', '--showformat', '${db:Status-Abbrev} ${Package}\n']);
  const installed = lines.split('\n').filter((line) => line.startsWith('ii '));
  return new Set(installed.map((line) => line.slice(4).trim()));
}

/** Installs packages without their recommendations, refreshing apt's lists when the first try does not find them. */
export async function installPackages(names: readonly string[], options: InstallOptions): Promise<void> {
  const install = [
    'apt-get',
    'install',
    '--assume-yes',
    '-o',
    'DPkg::Lock::Timeout=300',
    '--no-install-recommends',
    ...names,
  ];
  const run = (command: readonly string[]): Promise<string> =>
    runCommand(command, {
      env: { ...options.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
      timeoutMs: limits.packageInstallTimeoutMs,
      onLine: options.onLine,
    });
  try {
    await run(install).catch(async () => {
      // An earlier run may have been cut off in the middle, and a fresh machine has no lists.
      await run(['dpkg', '--configure', '-a']);
      await run(['apt-get', 'update']);
      await run(install);
    });
  } catch (error) {
    const output = error instanceof CommandFailure ? error.message : String(error);
    throw new SetupFailure(`The system packages could not be installed: ${output}`, {
      advice: `Install them by hand, then run the command again: apt-get update && apt-get install ${names.join(' ')}`,
      cause: error,
    });
  }
}

export type InstallOptions = { readonly env: NodeJS.ProcessEnv; readonly onLine: (line: string) => void };
