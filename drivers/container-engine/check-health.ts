import { spawn } from 'node:child_process';

import type { EnvironmentPlan, HealthAnswer, HealthPlan, WorkloadPlan } from '../driver.ts';
import { driverLimits as limits } from '../limits.ts';
import type { DriverContext } from './context.ts';
import { containerName } from './labels.ts';
import { inside, type NetworkNamespace } from './network-namespace.ts';
import { runProgram } from './run-program.ts';
import { unprivileged } from './unprivileged.ts';
import { findNamespace } from './workload-state.ts';

/**
 * Asks a workload for its health from inside its own network namespace, as a user without any right: the port needs no opening for
 * it, and a hostile answer meets a short-lived process that holds nothing.
 */
export async function checkHealth(
  context: DriverContext,
  options: { readonly plan: EnvironmentPlan; readonly workload: WorkloadPlan },
): Promise<HealthAnswer> {
  const { workload, plan } = options;
  const { environmentId } = plan.place;
  const namespace = await findNamespace(context, containerName({ environmentId, key: workload.key, role: 'pause' }));
  if (namespace === undefined) return { healthy: false, reason: 'not running' };
  const { health } = workload;
  switch (health.kind) {
    case 'http':
      return askHttp(context, { namespace, health });
    case 'mysql':
      return askMysql(context, { namespace, health });
    default:
      return health satisfies never;
  }
}

/** ER_CON_COUNT_ERROR and ER_HOST_NOT_PRIVILEGED. */
const wellErrors: readonly number[] = [1040, 1130];
/** The header of a packet, and what tells a greeting from an error. */
const greetingBytes = 7;

type Question<K extends HealthPlan['kind']> = {
  readonly namespace: NetworkNamespace;
  readonly health: Extract<HealthPlan, { readonly kind: K }>;
};

async function askHttp(context: DriverContext, { namespace, health }: Question<'http'>): Promise<HealthAnswer> {
  const result = await runProgram(
    [
      ...inside(namespace),
      ...unprivileged(context.options.nobody),
      'curl',
      '--disable',
      '--silent',
      '--globoff',
      '--path-as-is',
      '--noproxy',
      '*',
      '--proto',
      '=http',
      '--max-time',
      String(limits.healthTimeoutMs / 1_000),
      '--max-filesize',
      String(limits.healthBodyBytesMax),
      '--user-agent',
      'ringfort-health',
      '--header',
      'host: localhost',
      '--output',
      '/dev/null',
      '--write-out',
      '%{http_code}',
      `http://127.0.0.1:${health.port}${health.path}`,
    ],
    { timeoutMs: limits.healthTimeoutMs + 1_000, outputBytesMax: 16 },
  );
  const status = Number(result.stdout);
  if (result.code === 28 || result.code === null)
    return { healthy: false, reason: `GET ${health.path} did not end in time` };
  if (status >= 200 && status < 400) return { healthy: true, reason: '' };
  if (status >= 400) return { healthy: false, reason: `GET ${health.path} answered ${status}` };
  if (result.code === 7) return { healthy: false, reason: `Nothing listens on port ${health.port}` };
  return { healthy: false, reason: `GET ${health.path} got no HTTP answer on port ${health.port}` };
}

/**
 * A MySQL server speaks first: a packet with a length of three bytes, the number 0 and protocol version 10 (MySQL's
 * “Protocol::HandshakeV10”), or 255 and an error's number. A server is well that only says that nobody may come from here, or that
 * too many are there already.
 */
async function askMysql(context: DriverContext, { namespace, health }: Question<'mysql'>): Promise<HealthAnswer> {
  const greeting = await readGreeting([
    ...inside(namespace),
    ...unprivileged(context.options.nobody),
    'curl',
    '--disable',
    '--silent',
    '--no-buffer',
    '--noproxy',
    '*',
    '--proto',
    '=telnet',
    '--max-time',
    String(limits.healthTimeoutMs / 1_000),
    `telnet://127.0.0.1:${health.port}`,
  ]);
  if (greeting.length < greetingBytes) return { healthy: false, reason: `No greeting on port ${health.port}` };
  const isError = greeting[4] === 255 && wellErrors.includes(greeting.readUInt16LE(5));
  if (greeting[3] === 0 && (greeting[4] === 10 || isError)) return { healthy: true, reason: '' };
  return { healthy: false, reason: `The server on port ${health.port} refuses connections` };
}

/** The first bytes that the server sends; its standard input stays open, because the program ends with it. */
function readGreeting(command: readonly [string, ...string[]]): Promise<Buffer> {
  const [file, ...args] = command;
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    timeout: limits.healthTimeoutMs + 1_000,
    killSignal: 'SIGKILL',
  });
  let seen = Buffer.alloc(0);
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk: Buffer) => {
    seen = Buffer.concat([seen, chunk.subarray(0, 64)]);
    if (seen.length >= greetingBytes) child.kill('SIGKILL');
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(seen));
  });
}
