import type { Finding } from './finding.ts';
import { checkAmbientInput } from './rules/ambient-input.ts';
import { checkBoundaries } from './rules/boundaries.ts';
import { checkCasts } from './rules/casts.ts';
import { checkCitedPaths } from './rules/cited-paths.ts';
import { checkDocumentedVariables } from './rules/documented-variables.ts';
import { checkDocstrings } from './rules/docstrings.ts';
import { checkFileNames } from './rules/file-names.ts';
import { checkFileSize } from './rules/file-size.ts';
import { checkHeldTests } from './rules/held-tests.ts';
import { checkImportCircles } from './rules/import-circles.ts';
import { checkLintSilence } from './rules/lint-silence.ts';
import { checkMachinePaths } from './rules/machine-paths.ts';
import { checkOpenEnds } from './rules/open-ends.ts';
import { checkProcessEnvironment } from './rules/process-environment.ts';
import { checkShellStrings } from './rules/shell-strings.ts';
import { checkSqlPlaces } from './rules/sql-places.ts';
import { checkTestNames } from './rules/test-names.ts';
import type { SourceFile } from './source-file.ts';

/** A rule looks at all files at once and has no other input, so a test can plant what it must refuse. */
type Rule = (files: readonly SourceFile[]) => readonly Finding[];

/** Every rule of the house that the linter cannot hold. */
const rules: readonly Rule[] = [
  checkAmbientInput,
  checkBoundaries,
  (files) => checkCasts(files),
  checkCitedPaths,
  checkDocumentedVariables,
  checkDocstrings,
  checkFileNames,
  checkFileSize,
  checkHeldTests,
  checkImportCircles,
  checkLintSilence,
  checkMachinePaths,
  checkOpenEnds,
  checkProcessEnvironment,
  checkShellStrings,
  checkSqlPlaces,
  checkTestNames,
];

/** Runs all rules; findings come sorted by place. */
export function checkHouse(files: readonly SourceFile[]): readonly Finding[] {
  return rules
    .flatMap((rule) => rule(files))
    .toSorted((left, right) => left.path.localeCompare(right.path) || left.line - right.line);
}
