import type { EnvironmentStatus } from '@ringfort/contracts/api/environments.ts';
import type { ObservedWorkload, WorkloadState } from '@ringfort/contracts/agent-requests.ts';

import type { CommandContext } from './command.ts';
import { safeLine } from './escape-output.ts';
import { isUnderWay } from './follow-deployment.ts';
import { table } from './table.ts';
import type { Style } from './terminal.ts';

type Status = EnvironmentStatus & { readonly project: string };

/** An environment for people: its name, state and address, then a line for each workload. */
export function environmentLines({ terminal, clock }: CommandContext, status: Status): string[] {
  const name = terminal.paint('bold', `${status.project}/${status.slug}`);
  const head = `${name}  ${state(status)}  ${safeLine(status.url)}`;
  const messages = [status.message, deploymentMessage(status)].filter((message) => message !== '');
  const rows = status.workloads.map((each) => [
    `  ${marks[each.state].mark} ${workloadName(each)}`,
    terminal.paint(marks[each.state].style, each.state),
    [safeLine(each.reason), restarts(each), age(each, clock.nowMs())].filter((part) => part !== '').join(', '),
  ]);
  const lines = rows.length === 0 ? [] : table(['', '', ''], rows).slice(1);
  return [head, ...messages.map((message) => `  ${safeLine(message)}`), ...lines];
}

/** Says whether everything that should run in an environment does. */
export function isWell(status: EnvironmentStatus): boolean {
  const isOld = (each: ObservedWorkload): boolean =>
    each.workload.kind === 'component' && each.workload.releaseId !== status.activeReleaseId;
  return status.message === '' && status.workloads.every((each) => isOld(each) || each.state === 'healthy');
}

function state(status: Status): string {
  if (status.deployment !== null && isUnderWay(status.deployment.state)) return status.deployment.state;
  return status.activeReleaseId === null ? 'nothing deployed' : 'live';
}

function deploymentMessage({ deployment }: Status): string {
  if (deployment === null || deployment.message === '' || deployment.state === 'succeeded') return '';
  return deployment.state === 'failed' ? `The last deployment failed: ${deployment.message}` : deployment.message;
}

function workloadName({ workload }: ObservedWorkload): string {
  return workload.kind === 'service' ? workload.name : `${workload.name}.${workload.replica}`;
}

function restarts(each: ObservedWorkload): string {
  if (each.restarts === 0) return '';
  return each.restarts === 1 ? '1 restart' : `${each.restarts} restarts`;
}

function age(each: ObservedWorkload, nowMs: number): string {
  return each.startedAt === null ? '' : `started ${ago(each.startedAt, nowMs)}`;
}

/** How long ago an ISO time was, for people: `3 min ago`. */
export function ago(at: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(at)) / 1_000));
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}

const marks: Readonly<Record<WorkloadState, { readonly mark: string; readonly style: Style }>> = {
  starting: { mark: '…', style: 'yellow' },
  healthy: { mark: '✓', style: 'green' },
  unhealthy: { mark: '✗', style: 'red' },
  stopped: { mark: '-', style: 'dim' },
};
