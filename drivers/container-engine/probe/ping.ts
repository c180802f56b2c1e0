import type { ProbeOutcome } from '@ringfort/contracts/probe.ts';

import type { Clock } from '@ringfort/kit/clock.ts';

import { runProgram } from '../run-program.ts';
import type { ProbePlace } from './probe-place.ts';

/**
 * One echo request by ping(8), which keeps the one right that it needs. Rejects when ping is not installed: an attempt that was not
 * made must not look like one that got no answer.
 */
export async function ping(place: ProbePlace, options: PingOptions): Promise<ProbeOutcome> {
  const { uid, gid } = options.nobody;
  const seconds = String(Math.max(1, Math.ceil(options.timeoutMs / 1_000)));
  const startedMs = options.clock.nowMs();
  const targets = await addressesOf(place, options.address);
  const results = await Promise.all(
    targets.map((target) =>
      runProgram(
        [
          ...begin(place),
          'setpriv',
          `--reuid=${uid}`,
          `--regid=${gid}`,
          '--clear-groups',
          '--no-new-privs',
          '--inh-caps=-all,+net_raw',
          '--ambient-caps=-all,+net_raw',
          '--bounding-set=-all,+net_raw',
          '--',
          'ping',
          '-n',
          '-q',
          '-c',
          '1',
          '-W',
          seconds,
          '--',
          target,
        ],
        { timeoutMs: options.timeoutMs + 1_000 },
      ),
    ),
  );
  if (results.some(({ code }) => code === 127)) throw new Error('Probes need ping (Debian package iputils-ping)');
  const tookMs = options.clock.nowMs() - startedMs;
  if (results.some(({ code }) => code === 0)) return { outcome: 'answered', answer: '', tookMs };
  return {
    outcome: results.some(({ code }) => code === 1 || code === null) ? 'timeout' : 'unreachable',
    answer: '',
    tookMs,
  };
}

export type PingOptions = {
  readonly address: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly nobody: { readonly uid: number; readonly gid: number };
};

/** Link-local addresses need the interface that they are meant on. */
async function addressesOf(place: ProbePlace, address: string): Promise<readonly string[]> {
  if (!/^fe[89ab][0-9a-f]:/i.test(address)) return [address];
  const shown = await runProgram([...begin(place), 'ip', '-brief', 'link', 'show', 'up']);
  const names = shown.stdout.split('\n').flatMap((line) => /^([^\s@]+)/.exec(line)?.[1] ?? []);
  return names.filter((name) => name !== 'lo').map((name) => `${address}%${name}`);
}

function begin(place: ProbePlace): readonly [string, ...string[]] {
  const [file = 'env', ...rest] = place.enter;
  return [file, ...rest];
}
