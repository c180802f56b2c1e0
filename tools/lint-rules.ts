/** What the linter holds beyond its categories `correctness` and `suspicious`, and where the house differs from them. */
export const lintRules: Readonly<Record<string, unknown>> = {
  // Types that mean what they say.
  'typescript/no-explicit-any': 'error',
  'typescript/no-non-null-assertion': 'error',
  'typescript/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
  'typescript/no-unsafe-argument': 'error',
  'typescript/no-unsafe-assignment': 'error',
  'typescript/no-unsafe-call': 'error',
  'typescript/no-unsafe-member-access': 'error',
  'typescript/no-unsafe-return': 'error',
  'typescript/no-unsafe-type-assertion': 'error',
  'typescript/ban-ts-comment': 'error',
  'typescript/switch-exhaustiveness-check': 'error',
  'typescript/use-unknown-in-catch-callback-variable': 'error',
  'typescript/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
  'typescript/no-import-type-side-effects': 'error',
  'typescript/array-type': 'off',

  // Promises and errors that nobody loses.
  'typescript/no-floating-promises': [
    'error',
    { allowForKnownSafeCalls: [{ from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' }] },
  ],
  'typescript/no-misused-promises': 'error',
  'typescript/only-throw-error': 'error',
  'typescript/prefer-promise-reject-errors': 'error',
  'typescript/return-await': 'error',
  'eslint/no-empty': 'error',
  'eslint/preserve-caught-error': 'error',
  'eslint/no-promise-executor-return': 'off',

  // One way to write a thing.
  'eslint/eqeqeq': 'error',
  'eslint/no-var': 'error',
  'eslint/prefer-const': 'error',
  'eslint/no-console': 'error',
  'eslint/no-param-reassign': 'error',
  'eslint/no-else-return': 'error',
  'eslint/max-depth': ['error', 4],
  'eslint/complexity': ['error', 15],
  'eslint/max-params': ['error', { max: 3 }],
  'eslint/max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
  'import/no-cycle': ['error', { ignoreTypes: false }],
  'import/no-default-export': 'error',
  'import/no-namespace': 'off',
  'unicorn/prefer-node-protocol': 'error',
  'unicorn/throw-new-error': 'error',
  'unicorn/consistent-function-scoping': 'off',
  'unicorn/no-array-sort': 'error',
  'unicorn/no-array-reverse': 'error',

  // Shell, code from strings.
  'eslint/no-eval': 'error',
  'eslint/no-new-func': 'error',

  // In the categories, and against the house.
  'eslint/no-underscore-dangle': 'off',
  'eslint/no-await-in-loop': 'off',
  'import/no-unassigned-import': 'off',
  'promise/always-return': 'off',
};
