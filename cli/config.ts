import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

import type { ApiAddress } from './api-connection.ts';
import { exitCodes, Failure } from './failure.ts';
import { limits } from './limits.ts';
import { parseJson } from './api-connection.ts';

/** What decides where the platform is, taken from the process once. */
export type Surroundings = {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The folder of all instances' homes. */
  readonly homes: string;
};

export const surroundings: Surroundings = { variables: process.env, homes: '/var/lib/ringfort' };

const InstanceName = z.string().regex(/^[a-z][a-z0-9]{0,11}$/);

/** What the supervisor tells of an instance; it holds more than is read here. */
const InstanceFile = z.object({ httpsPort: z.number().int().min(1).max(65_535) });

/** The instance of this machine that is meant: the option, else RINGFORT_INSTANCE, else `default`. */
export function instanceName(around: Surroundings, option: string | undefined): string {
  const name = option ?? around.variables['RINGFORT_INSTANCE'] ?? 'default';
  if (InstanceName.safeParse(name).success) return name;
  throw new Failure(`“${name}” is not the name of an instance.`, {
    exitCode: exitCodes.usage,
    fix: 'A name has 1 to 12 lower-case letters and digits and begins with a letter.',
  });
}

/**
 * Where to reach the platform and as whom: RINGFORT_URL, RINGFORT_TOKEN and RINGFORT_CA (a file), unless an instance is named by the option;
 * else this machine's instance with its administrator's token, trusting its own authority alone.
 */
export function apiAddress(around: Surroundings, instance: string | undefined): ApiAddress {
  return isRemote(around, instance)
    ? remoteAddress(around, around.variables['RINGFORT_URL'] ?? '')
    : localAddress(around, instanceName(around, instance));
}

/** Says whether RINGFORT_URL decides, and not an instance of this machine. */
export function isRemote(around: Surroundings, instance: string | undefined): boolean {
  return instance === undefined && (around.variables['RINGFORT_URL'] ?? '') !== '';
}

function remoteAddress(around: Surroundings, text: string): ApiAddress {
  const url = URL.parse(text);
  const isLoopback = url !== null && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)))
    throw new Failure('RINGFORT_URL is not an address that a token may be sent to.', {
      exitCode: exitCodes.usage,
      fix: 'Use https://, as in RINGFORT_URL=https://ringfort.example.org (http:// is taken for this machine alone).',
    });
  const caFile = around.variables['RINGFORT_CA'];
  return {
    url,
    token: around.variables['RINGFORT_TOKEN']?.trim(),
    ca: caFile === undefined || caFile === '' ? undefined : readSetting(caFile, 'RINGFORT_CA'),
  };
}

function localAddress(around: Surroundings, instance: string): ApiAddress {
  const home = join(around.homes, instance);
  const settings = InstanceFile.safeParse(parseJson(readSetting(join(home, 'instance.json'), instance)));
  if (!settings.success) throw notReady(home, settings.error);
  const token = around.variables['RINGFORT_TOKEN'] ?? readSetting(join(home, 'administrator-token'), instance);
  return {
    url: new URL(`https://localhost:${settings.data.httpsPort}`),
    token: token.trim(),
    ca: readSetting(join(home, 'authority.pem'), instance),
  };
}

function readSetting(path: string, whose: string): string {
  try {
    return readBounded(path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (whose === 'RINGFORT_CA') throw new Failure(`The file ${path} of RINGFORT_CA cannot be read (${String(code)}).`);
    if (code === 'EACCES' || code === 'EPERM')
      throw new Failure(`The file ${path} can be read by the administrator alone.`, {
        fix: 'Run the command with sudo, or set RINGFORT_URL and RINGFORT_TOKEN to a token of your own.',
        cause: error,
      });
    throw notReady(whose, error);
  }
}

function readBounded(path: string): string {
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).size > limits.settingsFileBytesMax) throw new Failure(`The file ${path} is too large.`);
    const bytes = Buffer.alloc(limits.settingsFileBytesMax);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

function notReady(instance: string, cause: unknown): Failure {
  return new Failure(`The instance ${instance} is not set up on this machine.`, {
    exitCode: exitCodes.unavailable,
    fix: 'Start it with `./ringfort up`, or set RINGFORT_URL and RINGFORT_TOKEN to reach one elsewhere.',
    cause,
  });
}
