/**
 * The program that stands in a probe's place: `probe-child.ts <uid> <gid>`, one JSON on standard input, one line of JSON on standard output. It
 * is started in the place's network namespace and gives up all rights before it does anything.
 */
import { text } from 'node:stream/consumers';

import type { ProbeAnswer } from '@ringfort/contracts/probe.ts';
import { systemClock } from '@ringfort/kit/clock.ts';

import { answerCanary } from './answer-canary.ts';
import { attemptAll } from './attempt.ts';
import type { ChildTask } from './child-task.ts';
import { listListeners } from './list-listeners.ts';

const [uid, gid] = process.argv.slice(2).map(Number);
if (uid === undefined || gid === undefined || !(uid > 0) || !(gid > 0))
  throw new Error('Two ids are needed, neither of them 0');
process.setgroups?.([]);
process.setgid?.(gid);
process.setuid?.(uid);

const task: unknown = JSON.parse(await text(process.stdin));
if (!isTask(task)) throw new TypeError('Standard input holds no task');
process.stdout.write(`${JSON.stringify(await answer(task))}\n`);

async function answer(wanted: ChildTask): Promise<ProbeAnswer> {
  switch (wanted.action) {
    case 'attempt':
      return {
        action: 'attempt',
        outcomes: await attemptAll(wanted.attempts, { timeoutMs: wanted.timeoutMs, clock: systemClock }),
      };
    case 'listeners':
      return listListeners();
    case 'canary':
      return { action: 'canary', listening: await answerCanary(wanted) };
    default:
      return wanted satisfies never;
  }
}

/** The agent wrote it a moment ago, from what it had parsed. */
function isTask(value: unknown): value is ChildTask {
  return typeof value === 'object' && value !== null && 'action' in value;
}
