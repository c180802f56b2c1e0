import { backOffMs } from '@ringfort/kit/back-off.ts';
import type { Clock } from '@ringfort/kit/clock.ts';
import type { Log } from '@ringfort/kit/log.ts';
import { wait } from '@ringfort/kit/wait.ts';

import { pathExists } from '../files/path-exists.ts';
import { supervisorLimits as limits } from '../limits.ts';
import { endProcess } from '../processes/end-process.ts';
import { findProcess } from '../processes/find-process.ts';
import { isRunning } from '../processes/process-identity.ts';
import { isReady } from './is-ready.ts';
import type { ProgramPlan } from './program-plan.ts';
import { readRecord, writeRecord, type ProgramRecord } from './program-record.ts';
import { notStarted, startProgram } from './start-program.ts';

/** `waiting`: for a file or a program before it. `starting`: it runs and is not ready yet. `restarting`: it ended and is started soon. */
export type ProgramState = 'waiting' | 'starting' | 'ready' | 'restarting' | 'stopped';

/**
 * Keeps one program running: adopts the process that is there, starts it where there is none, again and again with growing delays. Ends
 * with its signal and leaves the program alone then: programs outlive whoever supervises them.
 */
export class ProgramKeeper {
  readonly plan: ProgramPlan;
  readonly #options: KeeperOptions;
  #record: ProgramRecord | undefined;
  #state: ProgramState = 'stopped';
  #failures = 0;
  /** What is done to the process is done in turn: watching, and being replaced. */
  #turn: Promise<void> = Promise.resolve();

  constructor(plan: ProgramPlan, options: KeeperOptions) {
    this.plan = plan;
    this.#options = options;
  }

  get state(): ProgramState {
    return this.#state;
  }

  get record(): ProgramRecord | undefined {
    return this.#record;
  }

  /** Whether the process that runs is another one than planned. */
  get isOutdated(): boolean {
    return this.#record !== undefined && this.#record.digest !== this.plan.digest;
  }

  /** Takes over the process that somebody started before, where it still runs. */
  async adopt(): Promise<void> {
    const { recordsFolder } = this.#options;
    const record = await readRecord(recordsFolder, this.plan.name);
    this.#record = record;
    if (record !== undefined && (await isRunning(record.identity))) return;
    const identity = await findProcess(this.plan.signature, [
      ...new Set([0, this.plan.account?.uid ?? 0, process.getuid?.() ?? 0]),
    ]);
    if (identity === undefined) return;
    // Started by one who was killed before noting it down: nobody knows which version it is.
    await this.#note({ identity, digest: 'unknown', startedAt: this.#now(), restarts: record?.restarts ?? 0 });
  }

  /** Watches until the signal; restarts what ends. */
  async keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#inTurn(() => this.#look(signal));
      await wait(limits.programPollMs, signal);
    }
  }

  /** Ends the process and starts the planned one; resolves with whether that was ready in time. */
  async replace(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted && !(await this.#mayStart())) await wait(limits.programPollMs, signal);
    await this.#inTurn(async () => {
      await this.#end();
      if (!signal.aborted) await this.#start(this.#record?.restarts ?? 0);
    });
    for (
      let waitedMs = 0;
      waitedMs < limits.replacementTimeoutMs && !signal.aborted;
      waitedMs += limits.programPollMs
    ) {
      if (this.#state === 'ready') return true;
      await wait(limits.programPollMs, signal);
    }
    return false;
  }

  async #look(signal: AbortSignal): Promise<void> {
    if (this.#record !== undefined && (await isRunning(this.#record.identity))) {
      this.#state = (await isReady(this.plan.ready, this.#record.identity.pid)) ? 'ready' : 'starting';
      if (this.#ranMs() > limits.steadyAfterMs) this.#failures = 0;
      return;
    }
    if (!(await this.#mayStart())) {
      this.#state = 'waiting';
      return;
    }
    if (this.#state !== 'stopped' && this.#state !== 'waiting') await this.#backOff(signal);
    await this.#options.waitForPredecessors(this.plan, signal);
    if (!signal.aborted) await this.#start(this.#record === undefined ? 0 : this.#record.restarts + 1);
  }

  async #backOff(signal: AbortSignal): Promise<void> {
    this.#state = 'restarting';
    const { random, log } = this.#options;
    const delayMsMin = limits.restartDelayMsMin;
    const delayMs = backOffMs(this.#failures, { delayMsMin, delayMsMax: limits.restartDelayMsMax, random });
    log.warn('A program ended and is started again', { name: this.plan.name, delayMs, ranMs: this.#ranMs() });
    this.#failures += 1;
    await wait(delayMs, signal);
  }

  /** `restarts` counts what nobody asked for. */
  async #start(restarts: number): Promise<void> {
    const identity = await startProgram(this.plan);
    await this.#note({ identity, digest: this.plan.digest, startedAt: this.#now(), restarts });
    this.#state = 'starting';
    const { name, command } = this.plan;
    if (identity.startTicks === notStarted) this.#options.log.error('A program cannot be started', { name, command });
    else this.#options.log.info('Started a program', { name, pid: identity.pid });
  }

  async #end(): Promise<void> {
    if (this.#record === undefined) return;
    await endProcess(this.#record.identity, { signal: this.plan.stopSignal, graceMs: limits.stopGraceMs });
  }

  async #mayStart(): Promise<boolean> {
    const found = await Promise.all(this.plan.waitsFor.map(pathExists));
    return found.every(Boolean);
  }

  async #note(record: ProgramRecord): Promise<void> {
    this.#record = record;
    await writeRecord(this.#options.recordsFolder, this.plan.name, record);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #ranMs(): number {
    return this.#record === undefined ? 0 : this.#options.clock.nowMs() - Date.parse(this.#record.startedAt);
  }

  #now(): string {
    return new Date(this.#options.clock.nowMs()).toISOString();
  }
}

export type KeeperOptions = {
  readonly recordsFolder: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  /** Waits, for a bounded time, until the programs that the plan comes after are ready. */
  readonly waitForPredecessors: (plan: ProgramPlan, signal: AbortSignal) => Promise<void>;
};
