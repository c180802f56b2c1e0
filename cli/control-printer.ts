import type { ControlResult, ControlRunEvent, ControlState } from '@ringfort/contracts/api/controls.ts';

import type { Phase } from './control-run.ts';
import { safeLine } from './escape-output.ts';
import { evidenceLines } from './evidence-lines.ts';
import type { Style, Terminal } from './terminal.ts';

/** Shows the events of a run of controls as they come. */
export function controlPrinter(terminal: Terminal): (event: ControlRunEvent) => void {
  let heading = '';
  return (event) => {
    const id = event.type === 'result' ? event.result.id : event.id;
    if (event.type === 'progress') return terminal.progress(`… ${safeLine(id)}: ${safeLine(event.message)}`);
    const isBreak = event.type === 'proof' || event.phase !== 'verify';
    if (isBreak && heading !== id) terminal.print(terminal.paint('bold', safeLine(id)));
    heading = id;
    const lines =
      event.type === 'proof' ? [proofLine(terminal, event)] : resultLines(terminal, event.result, event.phase);
    for (const line of lines) terminal.print(line);
  };
}

/** How many controls are in which state. */
export function countStates(results: readonly { readonly state: ControlState }[]): string {
  const counts = stateOrder.map((state) => [state, results.filter((each) => each.state === state).length] as const);
  return counts
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');
}

/** A result with what it was seen from and, when it is not green, more of its evidence. */
function resultLines(terminal: Terminal, result: ControlResult, phase: Phase): string[] {
  const { mark, style } = marks[result.state];
  const took = result.durationMs === null ? '' : `${(result.durationMs / 1_000).toFixed(1)} s`;
  const seenFrom = result.seenFrom.length === 0 ? '' : `seen from ${result.seenFrom.map(safeLine).join(', ')}`;
  const notes = terminal.paint('dim', [took, seenFrom].filter((part) => part !== '').join(', '));
  const sign = terminal.paint(style, `${mark} ${result.state}`);
  const head =
    phase === 'verify' ? `${sign}  ${safeLine(result.id)}  ${notes}` : `  ${phase.padEnd(6)} ${sign}  ${notes}`;
  const lines = evidenceLines(result.evidence, { details: result.state !== 'pass' });
  return [head.trimEnd(), ...lines.map((line) => `      ${line}`)];
}

function proofLine(terminal: Terminal, proof: { readonly ableToFail: boolean; readonly message: string }): string {
  return proof.ableToFail
    ? terminal.paint('green', `  ✓ turned red and green again`)
    : terminal.paint('red', `  ✗ ${safeLine(proof.message)}`);
}

const stateOrder = ['pass', 'fail', 'stale', 'unknown', 'excepted'] as const;
const marks: Readonly<Record<ControlState, { readonly mark: string; readonly style: Style }>> = {
  pass: { mark: '✓', style: 'green' },
  fail: { mark: '✗', style: 'red' },
  stale: { mark: '✗', style: 'red' },
  unknown: { mark: '?', style: 'yellow' },
  excepted: { mark: '-', style: 'dim' },
};
