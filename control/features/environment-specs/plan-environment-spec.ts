import type { ProjectConfig } from '@ringfort/contracts/application-config.ts';
import type { Egress } from '@ringfort/contracts/egress.ts';
import type {
  ComponentSpec,
  EnvironmentSpec,
  ImageDigest,
  ReleaseSpec,
  ServiceSpec,
} from '@ringfort/contracts/environment-spec.ts';
import type { EnvironmentId, ProjectId, ReleaseId, WorkspaceId } from '@ringfort/contracts/identifiers.ts';
import { contractLimits } from '@ringfort/contracts/limits.ts';
import { ComponentName, Hostname } from '@ringfort/contracts/names.ts';
import type { EnvironmentSlug, ProjectSlug } from '@ringfort/contracts/names.ts';

import { sortedEntries } from './sorted-entries.ts';

/**
 * Everything that the agent is told of an environment, from the wanted state alone. Services are never left out: the agent takes
 * away the volume of a service that a specification does not name, so a service that was made once stays until the environment is
 * deleted, whatever newer configurations say.
 */
export function planEnvironmentSpec(wanted: WantedEnvironment, generation: number): EnvironmentSpec {
  const { workspaceId, projectId, environmentId, project, environment, criticality, throwaway } = wanted;
  const identity = { workspaceId, projectId, environmentId, project, environment, criticality, throwaway } as const;
  if (wanted.removed) return { v: 1, ...identity, generation, state: 'removed', ...nothing };
  return {
    v: 1,
    ...identity,
    generation,
    state: 'present',
    services: wanted.services.toSorted((left, right) => left.name.localeCompare(right.name)),
    releases: wanted.releases.map(planRelease),
    hostnames: planHostnames(wanted),
    egress: planEgress(wanted.releases.map((release) => release.config)),
  };
}

export type WantedEnvironment = EnvironmentHosts & {
  readonly workspaceId: WorkspaceId;
  readonly projectId: ProjectId;
  readonly environmentId: EnvironmentId;
  readonly criticality: 'critical' | 'noncritical';
  readonly throwaway: boolean;
  readonly removed: boolean;
  readonly services: readonly ServiceSpec[];
  /** The live one first, then the one that is about to be or is draining. */
  readonly releases: readonly WantedRelease[];
};

export type WantedRelease = {
  readonly releaseId: ReleaseId;
  readonly config: ProjectConfig;
  readonly images: ReadonlyMap<string, ImageDigest>;
};

export type EnvironmentHosts = {
  readonly project: ProjectSlug;
  readonly environment: EnvironmentSlug;
  readonly appsDomain: Hostname;
  /** Own domains whose ownership is proved. */
  readonly domains: readonly Hostname[];
};

/** The host names of an environment: the platform's own first, then the proven domains in the order of the alphabet. */
export function planHostnames(hosts: EnvironmentHosts): Hostname[] {
  return [planOwnHostname(hosts), ...hosts.domains.toSorted()];
}

/** The host name that the platform gives an environment. */
export function planOwnHostname({ project, environment, appsDomain }: Omit<EnvironmentHosts, 'domains'>): Hostname {
  return Hostname.parse(`${project}-${environment}.${appsDomain}`);
}

/**
 * While two releases run, both have to work, so both may reach what either may, as far as that fits; the stricter rules hold alone
 * once the other release is gone. Without a release nothing runs that would need the internet.
 */
function planEgress(configs: readonly ProjectConfig[]): Egress {
  const rules = configs.map((config) => config.firewall.outbound);
  if (rules.some((outbound) => outbound === undefined)) return { mode: 'open' };
  const unique = new Map(rules.flatMap((outbound) => outbound ?? []).map((rule) => [JSON.stringify(rule), rule]));
  const fits = unique.size <= contractLimits.egressRulesMax;
  return { mode: 'restricted', rules: fits ? [...unique.values()] : [...(rules.at(-1) ?? [])] };
}

function planRelease({ releaseId, config, images }: WantedRelease): ReleaseSpec {
  return { releaseId, components: sortedEntries(config.applications).map(([name]) => planComponent(name)) };

  function planComponent(name: string): ComponentSpec {
    const component = ComponentName.parse(name);
    const application = config.applications[component];
    const image = images.get(name);
    if (application === undefined || image === undefined)
      throw new Error(`Release ${releaseId} has no image of ${name}`);
    const { runtime, start, port, replicas, health, relationships, variables, memoryMiB } = application;
    return { name: component, image, runtime, start, port, replicas, health, relationships, variables, memoryMiB };
  }
}

const nothing = { services: [], releases: [], hostnames: [], egress: { mode: 'restricted', rules: [] } } satisfies Pick<
  EnvironmentSpec,
  'services' | 'releases' | 'hostnames' | 'egress'
>;
