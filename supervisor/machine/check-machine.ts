import { statfs } from 'node:fs/promises';

import { readIfThere } from '../files/read-json.ts';
import { supervisorLimits as limits } from '../limits.ts';
import { SetupFailure } from '../setup-failure.ts';

/** Refuses a machine that Ringfort cannot run on, each time with what to do about it. */
export async function checkMachine(machine: Machine): Promise<void> {
  if (machine.platform !== 'linux') {
    throw new SetupFailure(`Ringfort runs on Linux; this is ${machine.platform}`, {
      advice: 'Use a virtual machine or a server with Debian 12 or later, or Ubuntu 24.04 or later.',
    });
  }
  if (!Object.hasOwn(architectures, machine.architecture)) {
    throw new SetupFailure(`There are no programs for this machine's processor, ${machine.architecture}`, {
      advice: 'Ringfort runs on x64 and arm64.',
    });
  }
  const system = parseOsRelease((await readIfThere('/etc/os-release')) ?? '');
  if (!system.some((id) => id === 'debian' || id === 'ubuntu')) {
    throw new SetupFailure(`Ringfort knows Debian and Ubuntu; this system is “${system[0] ?? 'unknown'}”`, {
      advice: 'Use Debian 12 or later, or Ubuntu 24.04 or later. For a look around: ./ringfort up --engine simulated',
    });
  }
  if (machine.uid !== 0) {
    throw new SetupFailure('Containers, networks and users can be set up by root alone', {
      advice: 'Run: sudo ./ringfort up. For a look around without containers: ./ringfort up --engine simulated',
    });
  }
  await checkDisk(machine.stateFolder);
}

export type Machine = {
  readonly platform: string;
  /** In Node's words. */
  readonly architecture: string;
  readonly uid: number;
  /** An existing folder on the disk that the state goes to. */
  readonly stateFolder: string;
};

/** Node's word for a processor → the word of container images and Debian. */
export const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/** The ids of os-release(5): the system's own, then the ones it is like. */
export function parseOsRelease(text: string): readonly string[] {
  const value = (name: string): string => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? '';
  return [value('ID'), ...value('ID_LIKE').split(' ')].filter((id) => id !== '');
}

async function checkDisk(folder: string): Promise<void> {
  const disk = await statfs(folder);
  const freeBytes = disk.bavail * disk.bsize;
  if (freeBytes >= limits.diskFreeBytesMin) return;
  const gibibytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);
  throw new SetupFailure(`Only ${gibibytes(freeBytes)} GiB are free below ${folder}`, {
    advice: `Make room for at least ${gibibytes(limits.diskFreeBytesMin)} GiB.`,
  });
}
