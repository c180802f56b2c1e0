import { access } from 'node:fs/promises';

import { runProgram } from './run-program.ts';
import type { ThrowawayWorkload } from './throwaway-workloads.ts';

/**
 * Empties the rule set in a workload's network namespace. Everything may come in and go out there, until the agent repairs it. Nothing happens
 * when the workload was thrown away meanwhile.
 */
export async function flushRules({ namespace }: ThrowawayWorkload): Promise<void> {
  const { code, stderr } = await runProgram('nsenter', [`--net=${namespace}`, '--', 'nft', 'flush', 'ruleset']);
  if (code !== 0 && (await isThere(namespace))) throw new Error(`nft in ${namespace} ended with ${code}: ${stderr}`);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
