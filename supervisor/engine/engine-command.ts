import { join } from 'node:path';

import type { InstancePaths } from '../instance/instance-paths.ts';
import { plainEnvironment } from '../processes/plain-environment.ts';

/**
 * The container engine of one instance: a store, a configuration and locks of its own, so that nothing of it meets the machine's other
 * containers. `command` begins every call of Podman, with `environment`.
 */
export function engineCommand(paths: InstancePaths): EngineCommand {
  return {
    command: [
      'podman',
      `--root=${join(paths.engineHome, 'storage')}`,
      `--runroot=${join(paths.engineRun, 'storage')}`,
      `--tmpdir=${join(paths.engineRun, 'libpod')}`,
      `--network-config-dir=${join(paths.engineHome, 'networks')}`,
      '--storage-driver=overlay',
      '--log-level=error',
    ],
    environment: {
      ...plainEnvironment,
      HOME: paths.engineHome,
      CONTAINERS_CONF: engineConfigurationFile(paths),
    },
  };
}

export type EngineCommand = {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
};

/** Where `engineConfiguration` is written to. */
export function engineConfigurationFile(paths: InstancePaths): string {
  return join(paths.engineHome, 'containers.conf');
}

/** What the engine offers to run containers with; which of them works on a machine is found by trying. */
export type ContainerRuntime = 'crun' | 'runc';

/** containers.conf(5). It replaces the machine's own. */
export function engineConfiguration(options: {
  readonly runtime: ContainerRuntime;
  readonly cgroups: 'systemd' | 'cgroupfs';
  /** The container monitor; see `drivers/container-engine/conmon-without-clean-up`. */
  readonly conmon: string;
}): string {
  return `# Written by Ringfort at each start.
[engine]
conmon_path = ["${options.conmon}"]
runtime = "${options.runtime}"
cgroup_manager = "${options.cgroups}"
events_logger = "file"
lock_type = "file"
[network]
network_backend = "netavark"
[containers]
log_driver = "k8s-file"
default_ulimits = ["nofile=4096:4096", "nproc=1024:1024"]
`;
}
