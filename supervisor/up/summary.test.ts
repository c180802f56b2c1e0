import assert from 'node:assert/strict';
import { test } from 'node:test';

import { instancePaths } from '../instance/instance-paths.ts';
import { InstanceSettings } from '../instance/instance-settings.ts';
import { bootUnit } from './enable-at-boot.ts';
import { describeSummary, summarize } from './summary.ts';

const settings = InstanceSettings.parse({
  v: 1,
  instance: 'test',
  index: 1,
  driver: 'container-engine',
  network: '10.65.0.0/16',
  interfacePrefix: 'rf0000-',
  uidBase: 1,
  environmentsMax: 1,
  httpPort: 8_080,
  httpsPort: 8_443,
  edges: 1,
});

test('summarize() leaves the usual port out of addresses and no other', () => {
  const paths = instancePaths('test');
  assert.equal(summarize({ ...settings, httpsPort: 443 }, paths, true).api, 'https://localhost/v1');
  const { applications } = summarize(settings, paths, true);
  assert.equal(applications['guestbook in staging'], 'https://guestbook-staging.localhost:8443/');
});

test('describeSummary() tells where the token lies and never the token, and how to address the instance', () => {
  const text = describeSummary(summarize(settings, instancePaths('test'), true));
  assert.match(text, /\/var\/lib\/ringfort\/test\/administrator-token/);
  assert.match(text, /RINGFORT_INSTANCE=test \.\/ringfort status/);
  const plain = describeSummary(summarize({ ...settings, instance: 'default' }, instancePaths('default'), false));
  assert.match(plain, /^ {2}\.\/ringfort status/m);
});

test('bootUnit() starts the instance of this clone, wherever it lies', () => {
  const unit = bootUnit({ instance: 'test', sourceFolder: '/srv/my ringfort' });
  assert.match(unit, /^ExecStart="\/srv\/my ringfort\/ringfort" up --no-demo$/m);
  assert.match(unit, /^Environment=RINGFORT_INSTANCE=test$/m);
});
