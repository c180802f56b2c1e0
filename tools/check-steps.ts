import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { formatFinding } from './finding.ts';
import { listGeneratedFiles } from './generated-files.ts';
import { checkHouse } from './house.ts';
import { medianLines } from './rules/file-size.ts';
import { readSourceFiles } from './source-file.ts';

/** What a step found. `output` is printed when it is not ok, `note` always. */
export type StepResult = { readonly ok: boolean; readonly output: string; readonly note?: string };

/** One part of `npm run check`. Steps do not depend on each other and run side by side. */
export type CheckStep = { readonly name: string; readonly run: () => Promise<StepResult> };

const root = join(import.meta.dirname, '..');

export const checkSteps: readonly CheckStep[] = [
  { name: 'house', run: runHouse },
  { name: 'generated', run: runGenerated },
  { name: 'format', run: () => runTool('oxfmt/bin/oxfmt', ['--list-different', '.']) },
  { name: 'lint', run: () => runTool('oxlint/bin/oxlint', ['--format', 'unix', '.']) },
  { name: 'types', run: () => runTool('typescript/bin/tsc', ['--noEmit', '--pretty', 'false', '-p', 'tsconfig.json']) },
  { name: 'unused', run: () => runTool('knip/bin/knip.js', ['--no-progress', '--no-config-hints']) },
];

async function runHouse(): Promise<StepResult> {
  const files = readSourceFiles(root);
  const findings = checkHouse(files);
  const note = `the median file has ${medianLines(files)} lines`;
  return { ok: findings.length === 0, output: findings.map(formatFinding).join('\n'), note };
}

async function runGenerated(): Promise<StepResult> {
  const stale = (await listGeneratedFiles(root)).filter((file) => file.current !== file.wanted);
  const output = stale.map(({ path }) => `${path} is out of date; run node tools/generate.ts`).join('\n');
  return { ok: stale.length === 0, output };
}

/** Runs a tool with the Node that runs the check, so that the one of the system does not matter. */
async function runTool(entry: string, args: readonly string[]): Promise<StepResult> {
  const command = [join(root, 'node_modules', entry), ...args];
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('exit', resolve);
  });
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { ok: exitCode === 0, output: `${stdout}${stderr}` };
}
