import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { systemClock as clock } from '@ringfort/kit/clock.ts';
import { createLog } from '@ringfort/kit/log.ts';

import { readSettings } from './config.ts';
import { runDaemon } from './daemon/daemon.ts';
import { runKeeper } from './daemon/keeper.ts';
import { SupervisionPlan } from './daemon/program-plan.ts';
import { readSupervisionStatus } from './daemon/supervision-status.ts';
import { down } from './down/down.ts';
import { instancePaths } from './instance/instance-paths.ts';
import { CommandFailure } from './processes/run-command.ts';
import { createProgress } from './progress.ts';
import { SetupFailure } from './setup-failure.ts';
import { prepareImages } from './up/prepare-images.ts';
import { prepareMachine } from './up/prepare-machine.ts';
import { describeSummary, summarize } from './up/summary.ts';
import { up } from './up/up.ts';

// node supervisor/main.ts up [--no-demo] [--json] | down [--purge] | status [--json] | prepare [--for-tests]
// node supervisor/main.ts daemon <plan> | keeper <plan>    started by `up`, and by each other
process.umask(0o022);
const progress = createProgress({
  write: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY,
  columns: () => process.stderr.columns,
  clock,
});
const [command = '', ...rest] = process.argv.slice(2);
const commands: Readonly<Record<string, () => Promise<void>>> = {
  up: runUp,
  down: runDown,
  status: runStatus,
  prepare: runPrepare,
  daemon: () => supervise('daemon', runDaemon),
  keeper: () => supervise('keeper', runKeeper),
};
try {
  const run = commands[command];
  if (run === undefined) {
    throw new SetupFailure(`“${command}” is not a command of the supervisor`, {
      advice: `Use one of: ${Object.keys(commands).join(', ')}`,
    });
  }
  await run();
} catch (error) {
  if (!(error instanceof SetupFailure || error instanceof CommandFailure)) throw error;
  const advice = error instanceof SetupFailure ? error.advice : 'Correct what it names, then run the command again.';
  process.stderr.write(`\nringfort: ${error.message.replace(/\.$/, '')}.\n  ${advice}\n`);
  process.exitCode = 1;
}

async function runUp(): Promise<void> {
  const options = { 'no-demo': { type: 'boolean' }, json: { type: 'boolean' }, engine: { type: 'string' } } as const;
  const { values } = parseArgs({ args: rest, options });
  const settings = readSettings();
  const withDemo = values['no-demo'] !== true;
  const driver = parseDriver(values.engine ?? 'container-engine');
  const instance = await up(settings, { withDemo, driver, progress, clock });
  const paths = instancePaths(settings.instance, settings.roots);
  const summary = summarize(instance, paths, withDemo);
  process.stdout.write(values.json === true ? `${JSON.stringify(summary, null, 2)}\n` : describeSummary(summary));
}

function parseDriver(engine: string): 'container-engine' | 'simulated' {
  if (engine === 'simulated' || engine === 'container-engine') return engine;
  throw new SetupFailure(`“${engine}” is not an engine`, {
    advice: 'Use --engine container-engine or --engine simulated.',
  });
}

async function runDown(): Promise<void> {
  const { values } = parseArgs({ args: rest, options: { purge: { type: 'boolean' } } });
  await down(readSettings(), { isPurge: values.purge === true, progress });
}

async function runStatus(): Promise<void> {
  const { values } = parseArgs({ args: rest, options: { json: { type: 'boolean' } } });
  const { instance, roots } = readSettings();
  const status = await readSupervisionStatus(instancePaths(instance, roots).statusSocket);
  if (status === undefined) {
    throw new SetupFailure(`No supervisor answers for the instance ${instance}`, { advice: 'Start it: ./ringfort up' });
  }
  if (values.json === true) return void process.stdout.write(`${JSON.stringify(status, null, 2)}\n`);
  for (const { name, state, pid, restarts } of status.programs) {
    process.stdout.write(`${name.padEnd(12)} ${state.padEnd(10)} pid ${pid ?? '-'}  restarts ${restarts}\n`);
  }
}

async function runPrepare(): Promise<void> {
  const { values } = parseArgs({ args: rest, options: { 'for-tests': { type: 'boolean' } } });
  const settings = readSettings();
  await prepareMachine({ forTests: values['for-tests'] === true, env: settings.env }, progress);
  await prepareImages(settings, progress, clock.nowMs());
}

async function supervise(program: string, run: typeof runDaemon): Promise<void> {
  const plan = SupervisionPlan.parse(JSON.parse(await readFile(rest[0] ?? '', 'utf8')));
  const log = createLog({ program, clock, write: (line) => process.stdout.write(line) });
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort()).on('SIGINT', () => stop.abort());
  // What fails here fails as a whole: the other of the two starts this one again.
  await run(plan, { log, clock, random: Math.random, signal: stop.signal });
  process.exit(0);
}
