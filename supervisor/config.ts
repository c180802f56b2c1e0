import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { z } from 'zod';

import { Hostname } from '@ringfort/contracts/names.ts';

import { platformRoots, type PlatformRoots } from './instance/instance-paths.ts';
import { SetupFailure } from './setup-failure.ts';

const Port = z.coerce.number().int().min(1).max(65_535);

/** The environment's variables that whoever runs the machine may set; `docs/configuration.md` explains each. */
const Variables = z.object({
  RINGFORT_INSTANCE: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,11}$/, 'a lower-case letter, then at most 11 lower-case letters and digits')
    .default('default'),
  RINGFORT_HTTP_PORT: Port.optional(),
  RINGFORT_HTTPS_PORT: Port.optional(),
  RINGFORT_DEBIAN_MIRROR: z.url().default('http://deb.debian.org/debian'),
  RINGFORT_DEBIAN_SECURITY_MIRROR: z.url().default('http://deb.debian.org/debian-security'),
  RINGFORT_CERTIFICATE_BUNDLE: z.string().startsWith('/').default('/etc/ssl/certs/ca-certificates.crt'),
  RINGFORT_BUILD_MIRRORS: z
    .string()
    .default('registry.npmjs.org')
    .transform((names) => names.split(',').map((name) => name.trim()))
    .pipe(z.array(Hostname)),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
});

/** What the supervisor is told from outside. */
export type SupervisorSettings = {
  readonly instance: string;
  readonly httpPort: number | undefined;
  readonly httpsPort: number | undefined;
  readonly mirrors: { readonly mirror: string; readonly securityMirror: string };
  readonly certificateBundle: string;
  /** Host names that builds may fetch packages from. */
  readonly buildMirrors: readonly string[];
  readonly databaseUrl: string | undefined;
  /** Where state lies: the system's places, or below the home of somebody who is not root. */
  readonly roots: PlatformRoots;
  /** The folder of this clone, with `package-lock.json` in it. */
  readonly sourceFolder: string;
  /** For programs of the system that read proxies, certificates and registries from it. */
  readonly env: NodeJS.ProcessEnv;
};

/** Reads the environment; a value of the wrong form is a `SetupFailure` that names it. */
export function readSettings(): SupervisorSettings {
  const parsed = Variables.safeParse(process.env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0]);
    throw new SetupFailure(`The variable ${name} has a value that cannot be used: ${issue?.message ?? ''}`, {
      advice: `Correct or unset ${name}; docs/configuration.md says what it takes.`,
    });
  }
  const variables = parsed.data;
  return {
    instance: variables.RINGFORT_INSTANCE,
    httpPort: variables.RINGFORT_HTTP_PORT,
    httpsPort: variables.RINGFORT_HTTPS_PORT,
    mirrors: {
      mirror: variables.RINGFORT_DEBIAN_MIRROR,
      securityMirror: variables.RINGFORT_DEBIAN_SECURITY_MIRROR,
    },
    certificateBundle: variables.RINGFORT_CERTIFICATE_BUNDLE,
    buildMirrors: variables.RINGFORT_BUILD_MIRRORS,
    databaseUrl: variables.DATABASE_URL,
    roots: process.getuid?.() === 0 ? platformRoots : homeRoots(process.env),
    sourceFolder: join(dirname(fileURLToPath(import.meta.url)), '..'),
    env: process.env,
  };
}

/** Nobody but root can write to the system's places; a simulated platform lies where the user's other state does (XDG). */
function homeRoots(env: NodeJS.ProcessEnv): PlatformRoots {
  const state = join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'ringfort');
  return { state, run: join(state, '.run'), cache: join(state, '.cache') };
}
