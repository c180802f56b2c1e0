import { join } from 'node:path';

import type { SupervisorSettings } from '../config.ts';
import { pathExists } from '../files/path-exists.ts';
import { readIfThere } from '../files/read-json.ts';
import { writeFileWhole } from '../files/write-file-whole.ts';
import { runCommand } from '../processes/run-command.ts';
import { hasSystemd } from './prepare-engine.ts';

/** Where systemd runs the machine: has it bring the instance up after each start of the machine. Elsewhere that is up to the operator. */
export async function enableAtBoot(settings: SupervisorSettings): Promise<void> {
  if (!(await hasSystemd())) return;
  const file = unitFile(settings.instance);
  const text = bootUnit(settings);
  if ((await readIfThere(file)) === text) return;
  await writeFileWhole(file, text, { mode: 0o644 });
  await runCommand(['systemctl', 'daemon-reload']);
  await runCommand(['systemctl', 'enable', unitName(settings.instance)]);
}

/** Undoes it. */
export async function disableAtBoot(instance: string): Promise<void> {
  if (!(await hasSystemd()) || !(await pathExists(unitFile(instance)))) return;
  await runCommand(['systemctl', 'disable', unitName(instance)]);
}

/** The unit's text, systemd.service(5). The programs keep each other running; the unit only starts them. */
export function bootUnit(settings: Pick<SupervisorSettings, 'instance' | 'sourceFolder'>): string {
  const command = join(settings.sourceFolder, 'ringfort');
  return `# Written by ringfort up.
[Unit]
Description=Ringfort, instance ${settings.instance}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
KillMode=process
TimeoutStartSec=900
Environment=RINGFORT_INSTANCE=${settings.instance}
ExecStart="${command}" up --no-demo
ExecStop="${command}" down

[Install]
WantedBy=multi-user.target
`;
}

function unitName(instance: string): string {
  return `ringfort-${instance}.service`;
}

function unitFile(instance: string): string {
  return join('/etc/systemd/system', unitName(instance));
}
