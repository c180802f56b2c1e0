import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { text } from 'node:stream/consumers';

import { api } from '@ringfort/contracts/api/api.ts';
import { WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { contractLimits } from '@ringfort/contracts/limits.ts';

import { startTestDatabases } from '../../db/test-database.ts';
import type { TestDatabase, TestDatabases } from '../../db/test-database.ts';
import { withTestProject } from '../deployments/test-project.ts';
import type { TestProject } from '../deployments/test-project.ts';
import { sweepSources } from './sweep-sources.ts';

let databases: TestDatabases;
before(async () => {
  databases = await startTestDatabases();
});
after(() => databases.stop());

type Setting = { readonly project: TestProject; readonly database: TestDatabase; readonly workspaceId: WorkspaceId };

const withProject = (run: (setting: Setting) => Promise<void>): Promise<void> =>
  withTestProject(databases, async (project, database) => {
    const [row] = await database.query('superuser', `select workspace_id from workspaces where slug = 'main'`);
    await run({ project, database, workspaceId: WorkspaceId.parse(row?.['workspace_id']) });
  });

const dayMs = 24 * 60 * 60_000;
const sweep = ({ project, database, workspaceId }: Setting): Promise<void> =>
  sweepSources(workspaceId, {
    database: database.reconciler,
    blobs: project.platform.blobs,
    clock: project.platform.clock,
  });

test('uploadSource() stores an archive by its content and says its digest', () =>
  withProject(async ({ project, workspaceId }) => {
    const digest = await project.upload('content');
    assert.equal(digest, createHash('sha256').update('content').digest('hex'));
    const open = await project.platform.blobs.open(workspaceId, digest);
    assert.equal(open === undefined ? '' : await text(open.source), 'content');
    assert.equal(await project.upload('content'), digest);
    assert.deepEqual(
      (await project.platform.blobs.list(workspaceId)).map((blob) => blob.name),
      [digest],
    );
  }));

test('uploadSource() refuses an empty body and one that is too large, and leaves nothing behind', () =>
  withProject(async ({ project, workspaceId }) => {
    await assert.rejects(project.upload(''), /body is empty/);
    const chunk = Buffer.alloc(8 * 1024 * 1024);
    const chunks = Array.from({ length: contractLimits.sourceBytesMax / chunk.length + 1 }, () => chunk);
    const call = { params: { workspace: 'main' }, bytes: Readable.from(chunks) };
    await assert.rejects(project.platform.call('uploadSource', call), /more than 256 MiB/);
    assert.deepEqual(await project.platform.blobs.list(workspaceId), []);
  }));

test('createDeployment() does not find the source archive of another workspace', () =>
  withProject(async ({ project }) => {
    const { platform } = project;
    await platform.call('createWorkspace', { body: { slug: 'other' } });
    const call = { params: { workspace: 'other' }, bytes: Readable.from([Buffer.from('theirs')]) };
    const { sourceDigest } = api.uploadSource.output.parse(await platform.call('uploadSource', call));
    const params = { workspace: 'main', project: 'shop', environment: 'staging' };
    const config = { name: 'shop', applications: { web: { runtime: 'node@24', start: 'node .' } } };
    const create = platform.call('createDeployment', { params, body: { sourceDigest, config } });
    await assert.rejects(create, { name: 'Problem', code: 'not-found' });
  }));

test('sweepSources() removes what nothing has needed for seven days, and an upload brings it back', () =>
  withProject(async (setting) => {
    const { project, workspaceId } = setting;
    const { blobs, clock } = project.platform;
    const unused = await project.upload('unused');
    const id = await project.deploy();
    clock.advance(8 * dayMs);
    await sweep(setting);
    const left = (await blobs.list(workspaceId)).map((blob) => blob.name);
    assert.equal(left.length, 1, 'a deployment under way keeps its source');
    assert.ok(!left.includes(unused));
    assert.equal(await project.finish(id), 'succeeded');
    await sweep(setting);
    assert.equal((await blobs.list(workspaceId)).length, 1, 'the active release keeps its source');
    assert.equal(await project.upload('unused'), unused);
    await sweep(setting);
    assert.equal((await blobs.list(workspaceId)).length, 2);
  }));

test('sweepSources() removes what cut-off uploads and transactions left', () =>
  withProject(async (setting) => {
    const { project, workspaceId } = setting;
    const { blobs, clock } = project.platform;
    await blobs.receive(workspaceId, Readable.from([Buffer.from('half')]), 'cut-off');
    await blobs.keep(
      workspaceId,
      await blobs.receive(workspaceId, Readable.from([Buffer.from('whole')]), 'uncommitted'),
    );
    await sweep(setting);
    assert.equal((await blobs.list(workspaceId)).length, 2);
    clock.advance(2 * 60 * 60_000);
    await sweep(setting);
    assert.equal((await blobs.list(workspaceId)).length, 1);
    clock.advance(8 * dayMs);
    await sweep(setting);
    assert.deepEqual(await blobs.list(workspaceId), []);
  }));
