import { join } from 'node:path';

import { AgentConfig } from '@ringfort/contracts/program-config.ts';
import { generateSealingKeys } from '@ringfort/contracts/sealed.ts';

/** For tests: the configuration of an agent below `folder`, with the simulated driver. */
export async function testConfig(folder: string): Promise<AgentConfig> {
  const { publicKey } = await generateSealingKeys();
  return AgentConfig.parse({
    instance: 'test',
    readyFile: join(folder, 'ready'),
    driver: 'simulated',
    home: join(folder, 'agent'),
    controlSocket: join(folder, 'control.sock'),
    proberSocket: join(folder, 'prober.sock'),
    engineSocket: join(folder, 'engine.sock'),
    network: '10.89.0.0/16',
    interfacePrefix: 'rf3a9c-',
    uidBase: 0x1000_0000,
    environmentsMax: 100,
    edgeUid: 990,
    edgeSealingKey: publicKey,
    platformHostnames: ['localhost'],
    images: { pause: 'pause', 'node@24': 'node', 'mysql@11.8': 'mysql' },
    buildProxy: { address: '10.89.0.1', port: 3_128 },
    certificateBundle: '/etc/ssl/certs/ca-certificates.crt',
    nobody: { uid: 65_534, gid: 65_534 },
  });
}
