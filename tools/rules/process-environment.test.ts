import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkProcessEnvironment } from './process-environment.ts';

test('checkProcessEnvironment() refuses process.env in an ordinary file, also imported, aliased or by index', () => {
  for (const text of [
    'const home = process.env.HOME;',
    `const home = process['env'].HOME;`,
    `const { env } = process;`,
    `import { env } from 'node:process';`,
    `import { env as surroundings } from 'node:process';`,
    'const home = globalThis.process.env.HOME;',
  ]) {
    assert.equal(checkProcessEnvironment([{ path: 'edge/proxy.ts', text }]).length, 1, text);
  }
});

test('checkProcessEnvironment() allows it in main.ts, config.ts, tools and tests', () => {
  const text = 'const home = process.env.HOME;';
  for (const path of ['edge/main.ts', 'control/config.ts', 'tools/x.ts', 'edge/proxy.test.ts', 'e2e/x.ts']) {
    assert.deepEqual(checkProcessEnvironment([{ path, text }]), [], path);
  }
});

test('checkProcessEnvironment() passes the rest of process, comments and strings', () => {
  const text = `// process.env
    const a = process.pid; const b = 'process.env'; const c = options.env;`;
  assert.deepEqual(checkProcessEnvironment([{ path: 'edge/proxy.ts', text }]), []);
});
