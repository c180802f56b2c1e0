import { mustRingfort } from './command.ts';

/** Before the first end-to-end test: the instance is up, with its demo. It is the same command that a newcomer gives. */
export async function globalSetup(): Promise<void> {
  process.stdout.write(await mustRingfort('up'));
}

/** After the last one, everything of the instance goes: users, data, containers, rules. */
export async function globalTeardown(): Promise<void> {
  if (process.env['RINGFORT_TEST_KEEP'] === '1') return;
  process.stdout.write(await mustRingfort('down', '--purge'));
}
