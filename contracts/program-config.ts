import { z } from 'zod';

import { Hostname } from './names.ts';

const Path = z.string().startsWith('/');
const Port = z.number().int().min(1).max(65_535);
/** Raw X25519 public key, base64. */
const SealingKey = z.base64();
/** Ed25519 public key, SPKI, base64. */
const VerifyKey = z.base64();

const Common = z.object({
  instance: z.string().regex(/^[a-z][a-z0-9]{0,11}$/),
  /** Where the program says that it is ready, by making the file; the supervisor removes it before each start. */
  readyFile: Path,
});

/** The files that the supervisor writes for each program (`config/<program>.json`, readable by that program's user alone). */
export const AgentConfig = Common.extend({
  driver: z.enum(['container-engine', 'simulated']),
  home: Path,
  /** Sockets to listen on, in folders that only the caller's group may enter. */
  controlSocket: Path,
  proberSocket: Path,
  engineSocket: Path,
  /** The instance's own IPv4 network, cut into one /26 for each environment. */
  network: z.cidrv4(),
  /** Interfaces of the instance begin with it, and nothing else's does (`rf3a9c-`). */
  interfacePrefix: z.string().max(10),
  /** First host uid of the instance's block; each environment gets 65,536 of its own, never used again. */
  uidBase: z.number().int(),
  environmentsMax: z.number().int(),
  edgeUid: z.number().int(),
  edgeSealingKey: SealingKey,
  platformHostnames: z.array(Hostname),
  images: z.object({ pause: z.string(), 'node@24': z.string(), 'mysql@11.8': z.string() }),
  /** Where the build proxy listens: an address of the instance's network on an interface of the platform's own. */
  buildProxy: z.object({ address: z.ipv4(), port: Port }),
  /** The host's certificate bundle, offered to builds. */
  certificateBundle: Path,
  /** User and group of probes and other helpers that need no right at all. */
  nobody: z.object({ uid: z.number().int(), gid: z.number().int() }),
});
export type AgentConfig = z.infer<typeof AgentConfig>;

export const InjectorConfig = Common.extend({ socket: Path, engineSocket: Path });
export type InjectorConfig = z.infer<typeof InjectorConfig>;

export const EdgeConfig = Common.extend({
  edgeId: z.string(),
  httpPort: Port,
  httpsPort: Port,
  /** The addresses to listen on. */
  listenAddresses: z.array(z.string()),
  home: Path,
  /** Control's two sockets: the snapshot's, and the API's for the platform's host name. */
  controlSocket: Path,
  apiSocket: Path,
  platformHostname: Hostname,
  sealingPrivateKeyFile: Path,
  controlKey: VerifyKey,
  agentKey: VerifyKey,
  /** Upstream addresses outside it are refused, whoever signed them. */
  network: z.cidrv4(),
});
export type EdgeConfig = z.infer<typeof EdgeConfig>;

export const ControlConfig = Common.extend({
  home: Path,
  edgeSocket: Path,
  apiSocket: Path,
  agentSocket: Path,
  proberSocket: Path,
  injectorSocket: Path,
  /** Connection strings for the runtime role and the reconcilers' role; on the embedded database a socket with peer authentication. */
  database: z.object({ runtime: z.string(), reconciler: z.string() }),
  /**
   * The same two roles on the database `ringfort_throwaway`, which `control/migrate.ts` makes beside the live one and in which the
   * break test of the audit log takes the wall down. The live database is never broken.
   */
  throwawayDatabase: z.object({ runtime: z.string(), reconciler: z.string() }),
  signingKeyFile: Path,
  proberKey: VerifyKey,
  appsDomain: Hostname,
  platformHostname: Hostname,
  /** Added to addresses that people see; 443 is left out there. */
  httpsPort: Port,
  region: z.string().max(40),
  edgeIds: z.array(z.string()),
  /** DNS servers for proofs of domain ownership; empty: the system's. */
  dnsServers: z.array(z.string()),
});
export type ControlConfig = z.infer<typeof ControlConfig>;

export const ProberConfig = Common.extend({
  home: Path,
  socket: Path,
  agentSocket: Path,
  signingKeyFile: Path,
});
export type ProberConfig = z.infer<typeof ProberConfig>;

export const BuildProxyConfig = Common.extend({
  listenAddress: z.ipv4(),
  port: Port,
  /** Callers outside it are refused. */
  network: z.cidrv4(),
  mirrors: z.array(z.string()),
});
export type BuildProxyConfig = z.infer<typeof BuildProxyConfig>;
