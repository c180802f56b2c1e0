import { networkInterfaces } from 'node:os';

import { edgeIds } from '../configs/program-configs.ts';
import { readRecord } from '../daemon/program-record.ts';
import type { InstanceSettings } from '../instance/instance-settings.ts';
import { portIsFree } from '../instance/port-is-free.ts';
import { isRunning } from '../processes/process-identity.ts';
import { SetupFailure } from '../setup-failure.ts';

/** Refuses to go on when something else holds the web server's ports. Where an edge of the instance runs, it is the one who does. */
export async function checkPorts(instance: InstanceSettings, recordsFolder: string): Promise<void> {
  const records = await Promise.all(edgeIds(instance).map((id) => readRecord(recordsFolder, id)));
  for (const record of records) if (record !== undefined && (await isRunning(record.identity))) return;
  for (const [variable, port] of [
    ['RINGFORT_HTTP_PORT', instance.httpPort],
    ['RINGFORT_HTTPS_PORT', instance.httpsPort],
  ] as const) {
    if (await portIsFree(port)) continue;
    throw new SetupFailure(`The port ${port} is in use by another program`, {
      advice: `End that program (ss -ltnp 'sport = :${port}' names it), or choose another port: ${variable}=<port> ./ringfort up`,
    });
  }
}

/** All addresses of the host; IPv6 where it has any. */
export function listenAddresses(interfaces = networkInterfaces()): readonly string[] {
  const hasIpv6 = Object.values(interfaces).some((list) => list?.some((address) => address.family === 'IPv6'));
  return hasIpv6 ? ['0.0.0.0', '::'] : ['0.0.0.0'];
}
