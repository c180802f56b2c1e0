import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ProjectConfig } from './application-config.ts';

const web = { runtime: 'node@24', start: 'node server.js' };

function paths(input: unknown): readonly string[] {
  const parsed = ProjectConfig.safeParse(input);
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('.'));
}

test('ProjectConfig fills in safe defaults', () => {
  const config = ProjectConfig.parse({ name: 'shop', applications: { web } });
  const { port, replicas, health, memoryMiB } = Object.values(config.applications)[0] ?? {};
  assert.deepEqual(
    { port, replicas, health, memoryMiB },
    { port: 8080, replicas: 1, health: { path: '/', startSeconds: 60 }, memoryMiB: 512 },
  );
});

test('ProjectConfig refuses unknown keys, because a misspelt limit must not be a missing one', () => {
  assert.deepEqual(paths({ name: 'shop', applications: { web: { ...web, memoryMib: 1 } } }), ['applications.web']);
});

test('ProjectConfig names a relationship to a service that is not there', () => {
  const applications = { web: { ...web, relationships: { db: 'database' } } };
  assert.deepEqual(paths({ name: 'shop', applications }), ['applications.web.relationships.db']);
});

test('ProjectConfig asks for routes when there are several applications, and that they lead somewhere', () => {
  assert.deepEqual(paths({ name: 'shop', applications: { web, api: web } }), ['routes']);
  assert.deepEqual(paths({ name: 'shop', applications: { web }, routes: { '/': 'nowhere' } }), ['routes./']);
});

test('ProjectConfig refuses variables of the platform and names that reach a prototype', () => {
  const withVariables = (variables: unknown): unknown => ({
    name: 'shop',
    applications: { web: { ...web, variables } },
  });
  assert.notDeepEqual(paths(withVariables({ RINGFORT_RELEASE: 'x' })), []);
  assert.notDeepEqual(paths(withVariables(JSON.parse('{"__proto__x y": "1"}'))), []);
  const polluted: unknown = JSON.parse(
    '{"name":"shop","applications":{"__proto__":{"runtime":"node@24","start":"x"}}}',
  );
  assert.notDeepEqual(paths(polluted), []);
});

test('ProjectConfig refuses one name for an application and a service', () => {
  assert.deepEqual(paths({ name: 'shop', applications: { web }, services: { web: { type: 'mysql@11.8' } } }), [
    'services.web',
  ]);
});

test('ProjectConfig refuses more routes than the edge shall look through for each request', () => {
  const routes = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`/${index}`, 'web']));
  assert.deepEqual(paths({ name: 'shop', applications: { web }, routes }), ['routes']);
});
