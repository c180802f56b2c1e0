import { runCheck } from './check-run.ts';
import { checkSteps } from './check-steps.ts';

/**
 * `npm run check`: everything that can be known without running the platform. With names it runs those steps alone:
 * `node tools/check.ts format lint types unused house generated`. Exit code 1 when a step refuses something.
 */
const names = process.argv.slice(2);
const unknown = names.filter((name) => !checkSteps.some((step) => step.name === name));
if (unknown.length > 0) {
  const known = checkSteps.map((step) => step.name).join(', ');
  console.error(`There is no step "${unknown.join(' ')}". The steps are ${known}.`);
  process.exit(2);
}
const results = await runCheck(names);
process.exitCode = results.every((result) => result.ok) ? 0 : 1;
