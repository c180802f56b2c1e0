import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  AgentConfig,
  BuildProxyConfig,
  ControlConfig,
  EdgeConfig,
  InjectorConfig,
  ProberConfig,
} from '@ringfort/contracts/program-config.ts';

import { embeddedDatabase } from '../database/database-access.ts';
import { instancePaths } from '../instance/instance-paths.ts';
import {
  agentConfig,
  buildProxyConfig,
  controlConfig,
  edgeConfig,
  edgeIds,
  injectorConfig,
  proberConfig,
  type ConfigSource,
} from './program-configs.ts';

const paths = instancePaths('test');
const source: ConfigSource = {
  settings: {
    v: 1,
    instance: 'test',
    index: 1,
    driver: 'container-engine',
    network: '10.65.0.0/16',
    interfacePrefix: 'rf0000-',
    uidBase: 0x18_00_00_00,
    environmentsMax: 2_048,
    httpPort: 8_080,
    httpsPort: 8_443,
    edges: 2,
  },
  paths,
  edgeUid: 990,
  images: { pause: 'p', 'node@24': 'n', 'mysql@11.8': 'm' },
  certificateBundle: '/etc/ssl/certs/ca-certificates.crt',
  listenAddresses: ['0.0.0.0'],
  buildMirrors: ['registry.npmjs.org'],
  edgeSealingKey: 'AAAA',
};
const keys = { agent: 'AAAA', control: 'BBBB', prober: 'CCCC' };

test('every configuration is of the form that its program takes', () => {
  const database = embeddedDatabase(paths.databaseSocketFolder).control;
  AgentConfig.parse(agentConfig(source));
  InjectorConfig.parse(injectorConfig(source));
  BuildProxyConfig.parse(buildProxyConfig(source));
  ProberConfig.parse(proberConfig(source));
  EdgeConfig.parse(edgeConfig(source, 'edge-0', keys));
  ControlConfig.parse(controlConfig(source, keys, database));
});

test('agentConfig() and buildProxyConfig() agree on the place of the proxy, the first address of the network', () => {
  const { listenAddress, port } = buildProxyConfig(source);
  assert.deepEqual(agentConfig(source).buildProxy, { address: listenAddress, port });
  assert.equal(listenAddress, '10.65.0.1');
});

test('edgeConfig() gives each edge a home and a ready file of its own, and control knows them all', () => {
  const database = embeddedDatabase(paths.databaseSocketFolder).control;
  const edges = edgeIds(source.settings).map((id) => edgeConfig(source, id, keys));
  assert.equal(new Set(edges.flatMap(({ home, readyFile }) => [home, readyFile])).size, 4);
  assert.deepEqual(controlConfig(source, keys, database).edgeIds, ['edge-0', 'edge-1']);
});
