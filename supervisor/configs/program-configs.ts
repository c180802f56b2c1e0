import type {
  AgentConfig,
  BuildProxyConfig,
  ControlConfig,
  EdgeConfig,
  InjectorConfig,
  ProberConfig,
} from '@ringfort/contracts/program-config.ts';
import { Hostname } from '@ringfort/contracts/names.ts';

import type { InstancePaths } from '../instance/instance-paths.ts';
import type { InstanceSettings } from '../instance/instance-settings.ts';
import { formatAddress, parseNetwork } from '../instance/network.ts';
import { nobody } from '../machine/accounts.ts';

/** What the configuration files are made from. Keys are public halves. */
export type ConfigSource = {
  readonly settings: InstanceSettings;
  readonly paths: InstancePaths;
  readonly edgeUid: number;
  readonly images: AgentConfig['images'];
  readonly certificateBundle: string;
  readonly listenAddresses: readonly string[];
  /** Host names that builds may fetch from. */
  readonly buildMirrors: readonly string[];
  readonly edgeSealingKey: string;
};

/** Keys that exist once the agent has its configuration. */
export type PublicKeys = { readonly agent: string; readonly control: string; readonly prober: string };

const platformHostname = Hostname.parse('localhost');
const appsDomain = Hostname.parse('localhost');
const buildProxyPort = 3_128;

/** The agent's file; it is needed before the agent can make its keys. */
export function agentConfig(source: ConfigSource): AgentConfig {
  const { paths, settings } = source;
  return {
    ...common(source, 'agent'),
    driver: settings.driver,
    home: paths.agentHome,
    controlSocket: paths.agentControlSocket,
    proberSocket: paths.agentProberSocket,
    engineSocket: paths.engineSocket,
    network: settings.network,
    interfacePrefix: settings.interfacePrefix,
    uidBase: settings.uidBase,
    environmentsMax: settings.environmentsMax,
    edgeUid: source.edgeUid,
    edgeSealingKey: source.edgeSealingKey,
    platformHostnames: [platformHostname],
    images: source.images,
    buildProxy: { address: buildProxyAddress(settings), port: buildProxyPort },
    certificateBundle: source.certificateBundle,
    nobody,
  };
}

/** The injector's file: it reaches the engine, and nobody but control reaches it. */
export function injectorConfig(source: ConfigSource): InjectorConfig {
  const { paths } = source;
  return { ...common(source, 'injector'), socket: paths.injectorSocket, engineSocket: paths.engineSocket };
}

/** The build proxy's file. */
export function buildProxyConfig(source: ConfigSource): BuildProxyConfig {
  const { settings } = source;
  return {
    ...common(source, 'build-proxy'),
    listenAddress: buildProxyAddress(settings),
    port: buildProxyPort,
    network: settings.network,
    mirrors: [...source.buildMirrors],
  };
}

/** The prober's file. */
export function proberConfig(source: ConfigSource): ProberConfig {
  const { paths } = source;
  return {
    ...common(source, 'prober'),
    home: paths.proberHome,
    socket: paths.proberSocket,
    agentSocket: paths.agentProberSocket,
    signingKeyFile: paths.proberKeyFile,
  };
}

/** One edge's file. The keys are whose signatures it takes on sites and endpoints. */
export function edgeConfig(source: ConfigSource, edgeId: string, keys: PublicKeys): EdgeConfig {
  const { paths, settings } = source;
  return {
    ...common(source, edgeId),
    edgeId,
    httpPort: settings.httpPort,
    httpsPort: settings.httpsPort,
    listenAddresses: [...source.listenAddresses],
    home: paths.edgeHome(edgeId),
    controlSocket: paths.controlEdgeSocket,
    apiSocket: paths.controlApiSocket,
    platformHostname,
    sealingPrivateKeyFile: paths.edgeKeyFile,
    controlKey: keys.control,
    agentKey: keys.agent,
    network: settings.network,
  };
}

/** Control's file; it holds passwords when the database is elsewhere. */
export function controlConfig(source: ConfigSource, keys: PublicKeys, database: ControlDatabase): ControlConfig {
  const { paths, settings } = source;
  return {
    ...common(source, 'control'),
    home: paths.controlHome,
    edgeSocket: paths.controlEdgeSocket,
    apiSocket: paths.controlApiSocket,
    agentSocket: paths.agentControlSocket,
    proberSocket: paths.proberSocket,
    injectorSocket: paths.injectorSocket,
    ...database,
    signingKeyFile: paths.controlKeyFile,
    proberKey: keys.prober,
    appsDomain,
    platformHostname,
    httpsPort: settings.httpsPort,
    region: 'local',
    edgeIds: [...edgeIds(settings)],
    dnsServers: [],
  };
}

export type ControlDatabase = Pick<ControlConfig, 'database' | 'throwawayDatabase'>;

/** The edges of an instance, by name. */
export function edgeIds(settings: InstanceSettings): readonly string[] {
  return Array.from({ length: settings.edges }, (_, number) => `edge-${number}`);
}

/** The first address of the instance's network, on an interface of the platform's own. */
function buildProxyAddress(settings: InstanceSettings): string {
  return formatAddress(parseNetwork(settings.network).from + 1);
}

function common(source: ConfigSource, program: string): { instance: string; readyFile: string } {
  return { instance: source.settings.instance, readyFile: source.paths.readyFile(program) };
}
