import { generateKeyPairSync, type KeyObject } from 'node:crypto';

import { EdgeCertificate, EdgeSites, Endpoint, Site, type EdgeSnapshot } from '@ringfort/contracts/edge-snapshot.ts';
import { generateSealingKeys, seal } from '@ringfort/contracts/sealed.ts';
import { signJson } from '@ringfort/contracts/signed.ts';
import { uuidv7 } from '@ringfort/kit/uuid.ts';

import { createTestCertificate } from './test-certificate.ts';

/** The keys of control, of the agent and of the edge, and one certificate for each host name: what signs test snapshots. */
export type TestAuthority = {
  readonly controlKey: string;
  readonly agentKey: string;
  readonly sealingPrivateKey: string;
  readonly caPem: (hostname: string) => string;
  readonly sign: (content: SnapshotContent) => Promise<EdgeSnapshot>;
};

export type SnapshotContent = {
  readonly version: number;
  readonly sites: readonly Site[];
  readonly endpoints: readonly Endpoint[];
  /** Host names that get a certificate although no site has them. */
  readonly otherHostnames?: readonly string[];
  /** Signs in control's or the agent's place. */
  readonly controlKey?: KeyObject;
  readonly agentKey?: KeyObject;
};

export async function createTestAuthority(): Promise<TestAuthority> {
  const control = generateKeyPairSync('ed25519');
  const agent = generateKeyPairSync('ed25519');
  const sealing = await generateSealingKeys();
  const certificates = new Map<string, ReturnType<typeof createTestCertificate>>();
  const certificateFor = (hostname: string): ReturnType<typeof createTestCertificate> => {
    const known = certificates.get(hostname) ?? createTestCertificate(hostname);
    certificates.set(hostname, known);
    return known;
  };
  const sealCertificate = async (hostname: string): Promise<EdgeCertificate> => {
    const { certificatePem, keyPem } = certificateFor(hostname);
    const context = `tls-key:${hostname}`;
    const sealedKey = await seal(Buffer.from(keyPem), { publicKey: sealing.publicKey, context });
    const notAfter = new Date(Date.now() + 86_400_000).toISOString();
    return EdgeCertificate.parse({ hostname, chainPem: certificatePem, sealedKey, notAfter });
  };

  return {
    controlKey: publicText(control.publicKey),
    agentKey: publicText(agent.publicKey),
    sealingPrivateKey: sealing.privateKey,
    caPem: (hostname) => certificateFor(hostname).certificatePem,
    sign: async (content) => {
      const { version, sites, endpoints, otherHostnames = [] } = content;
      const hostnames = new Set([...sites.flatMap((site) => site.hostnames), ...otherHostnames]);
      const agentKey = content.agentKey ?? agent.privateKey;
      const issuedAt = new Date().toISOString();
      const signedSites = EdgeSites.parse({ v: 1, version, issuedAt, sites });
      return {
        v: 1,
        version,
        sites: signJson(signedSites, { purpose: 'edge-sites', key: content.controlKey ?? control.privateKey }),
        endpoints: endpoints.map((endpoint) => signJson(endpoint, { purpose: 'endpoint', key: agentKey })),
        certificates: await Promise.all([...hostnames].map(sealCertificate)),
      };
    },
  };
}

/** A site with one component, `web`, that serves every path. */
export function createTestSite(hostname: string, change: SiteChange = {}): Site {
  const [environmentId, releaseId, workspaceId] = [newId(), newId(), newId()];
  const routes = [{ pathPrefix: '/', component: 'web' }];
  const names = { project: 'shop', environment: 'staging', hostnames: [hostname] };
  return Site.parse({ workspaceId, environmentId, releaseId, routes, ...names, ...change });
}

/** A replica of the site's live release on this machine. */
export function createTestEndpoint(site: Site, port: number, change: EndpointChange = {}): Endpoint {
  const { environmentId, releaseId } = site;
  return Endpoint.parse({
    environmentId,
    releaseId,
    component: 'web',
    replica: 0,
    address: '127.0.0.1',
    port,
    ...change,
  });
}

/** What a test may want otherwise, not yet parsed. */
export type SiteChange = {
  readonly environmentId?: string;
  readonly releaseId?: string | null;
  readonly hostnames?: readonly string[];
  readonly routes?: readonly { readonly pathPrefix: string; readonly component: string }[];
};

export type EndpointChange = {
  readonly environmentId?: string;
  readonly releaseId?: string;
  readonly component?: string;
  readonly replica?: number;
  readonly address?: string;
};

function newId(): string {
  return uuidv7(Date.now());
}

function publicText(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'der' }).toString('base64');
}
