import { checkSteps } from './check-steps.ts';
import type { CheckStep, StepResult } from './check-steps.ts';

/** Runs the named steps, or all of them, side by side, and prints each as it ends. */
export async function runCheck(names: readonly string[]): Promise<readonly StepResult[]> {
  const startedMs = performance.now();
  const steps = checkSteps.filter((step) => names.length === 0 || names.includes(step.name));
  const results = await Promise.all(steps.map(runTimed));
  const refused = results.filter((result) => !result.ok);
  console.log(`\n${results.length} steps, ${refused.length} refused, ${seconds(performance.now() - startedMs)}`);
  return results;
}

async function runTimed(step: CheckStep): Promise<StepResult> {
  const startedMs = performance.now();
  const result = await step.run();
  const note = result.note === undefined ? '' : `  ${result.note}`;
  const word = result.ok ? 'ok     ' : 'REFUSED';
  console.log(`${word}  ${step.name.padEnd(10)} ${seconds(performance.now() - startedMs)}${note}`);
  if (!result.ok) console.log(`${result.output.trimEnd()}\n`);
  return result;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
