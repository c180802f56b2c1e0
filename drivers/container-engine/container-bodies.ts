import type { EnvironmentPlace, WorkloadLimits } from '../driver.ts';
import { driverLimits as limits } from '../limits.ts';
import type { DriverContext } from './context.ts';

/** What holds for every container that the driver makes; pure. Field names are libpod's (`specgen`). */
export type ContainerCommon = {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
};

/** A container that only holds namespaces: the network with its address and names, and the user namespace with the place's ids. */
export function pauseBody(context: DriverContext, options: PauseOptions): CreateBody {
  const range = [{ container_id: 0, host_id: options.place.uidStart, size: 65_536 }];
  const network = {
    static_ips: [options.address],
    static_mac: hardwareAddress(options.address),
    aliases: options.aliases,
  };
  const bounds = {
    memoryBytesMax: limits.pauseMemoryBytes,
    cpuMax: 0.1,
    processesMax: limits.pauseProcessesMax,
    openFilesMax: 64,
  };
  return {
    ...confined(context, options, bounds),
    userns: { nsmode: 'private' },
    idmappings: { HostUIDMapping: false, HostGIDMapping: false, UIDMap: range, GIDMap: range },
    netns: { nsmode: 'bridge' },
    Networks: { [options.network]: network },
    sysctl: { 'net.ipv6.conf.all.disable_ipv6': '1', 'net.ipv6.conf.default.disable_ipv6': '1' },
    user: '65534:65534',
    work_dir: '/',
    env: {},
    log_configuration: { driver: 'none' },
  };
}

/**
 * The first process of a workload, which starts the program with its arguments as they are. The kernel keeps signals without a handler
 * from a namespace's first process (pid_namespaces(7)): a program of which that is not expected would be killed at each stop, after
 * the whole grace. It hands SIGTERM on, collects orphans, and ends as the program ends.
 */
const firstProcess = `"$@" &
program=$!
trap 'kill -TERM "$program"' TERM
wait "$program"
code=$?
while kill -0 "$program" 2>/dev/null; do
  wait "$program"
  code=$?
done
exit "$code"`;

/** A container of an application, a service or a step of a build, in the namespaces of its pause container. */
export function workloadBody(context: DriverContext, options: WorkloadBodyOptions): CreateBody {
  const join = { nsmode: 'container', value: options.pauseId };
  return {
    ...confined(context, options, options.limits),
    userns: join,
    netns: join,
    command: ['/bin/sh', '-c', firstProcess, 'init', ...options.command],
    hostname: options.hostname,
    user: `${options.user.uid}:${options.user.gid}`,
    work_dir: options.workingDirectory,
    env: options.variables,
    mounts: options.mounts,
    // The driver mounts its own; the engine's carry the host's names.
    use_image_hosts: true,
    use_image_resolve_conf: true,
    log_configuration: { driver: 'k8s-file', size: limits.workloadLogBytesMax },
    stop_timeout: 10,
  };
}

export type CreateBody = Readonly<Record<string, unknown>> & { readonly name: string };

export type PauseOptions = ContainerCommon & {
  readonly place: EnvironmentPlace;
  readonly network: string;
  readonly address: string;
  readonly aliases: readonly string[];
};

export type WorkloadBodyOptions = ContainerCommon & {
  readonly pauseId: string;
  readonly hostname: string;
  readonly user: { readonly uid: number; readonly gid: number };
  readonly workingDirectory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly mounts: readonly EngineMount[];
  readonly limits: WorkloadLimits;
};

export type EngineMount = {
  readonly type: 'bind' | 'tmpfs';
  readonly source?: string;
  readonly destination: string;
  readonly options: readonly string[];
};

/** The same for the same address, so that neighbours find a workload that was made anew at once, instead of asking for the old one. */
function hardwareAddress(address: string): string {
  const bytes = [0x02, 0x52, ...address.split('.').map(Number)];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The walls: no capability, no way to gain one, few system calls, a read-only root, bounds. */
function confined(context: DriverContext, options: ContainerCommon, bounds: WorkloadLimits): CreateBody {
  const openFiles = Math.min(bounds.openFilesMax, context.hardLimits.openFiles);
  const processes = Math.min(bounds.processesMax, context.hardLimits.processes);
  return {
    name: options.name,
    image: options.image,
    entrypoint: [],
    command: options.command,
    labels: options.labels,
    image_volume_mode: 'ignore',
    restart_policy: 'no',
    cgroupns: { nsmode: 'private' },
    pidns: { nsmode: 'private' },
    ipcns: { nsmode: 'private' },
    utsns: { nsmode: 'private' },
    privileged: false,
    cap_drop: ['ALL'],
    no_new_privileges: true,
    seccomp_profile_path: context.seccompPath,
    read_only_filesystem: true,
    read_only_tmpfs: false,
    shm_size: limits.sharedMemoryBytes,
    r_limits: [
      { type: 'nofile', hard: openFiles, soft: openFiles },
      { type: 'nproc', hard: processes, soft: processes },
      { type: 'core', hard: 0, soft: 0 },
    ],
    resource_limits: {
      memory: { limit: bounds.memoryBytesMax, swap: bounds.memoryBytesMax },
      cpu: { period: 100_000, quota: Math.max(1_000, Math.round(bounds.cpuMax * 100_000)) },
      pids: { limit: bounds.processesMax },
    },
  };
}
