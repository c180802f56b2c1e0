import type { ProjectConfig, ServiceConfig } from '@ringfort/contracts/application-config.ts';
import type { ServiceSpec } from '@ringfort/contracts/environment-spec.ts';
import { contractLimits } from '@ringfort/contracts/limits.ts';
import { ServiceName } from '@ringfort/contracts/names.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

/**
 * The services of an environment once a configuration has come into service: those there are, and those that it names. A disk never
 * shrinks, since its data would not fit. Rejects with a `Problem` what would need an existing service to go away.
 */
export function mergeServices(
  present: readonly ServiceSpec[],
  wanted: Pick<ProjectConfig, 'applications' | 'services'>,
): readonly ServiceSpec[] {
  const merged = new Map(present.map((service) => [String(service.name), service]));
  for (const [name, config] of Object.entries(wanted.services)) {
    const old = merged.get(name);
    if (old !== undefined && old.type !== config.type) throw typeChanged(old, config);
    const diskMiB = Math.max(old?.diskMiB ?? 0, config.diskMiB);
    merged.set(name, { name: ServiceName.parse(name), type: config.type, diskMiB, memoryMiB: config.memoryMiB });
  }
  const taken = Object.keys(wanted.applications).find((name) => merged.has(name));
  if (taken !== undefined) throw nameTaken(taken);
  if (merged.size > contractLimits.servicesMax) throw tooMany([...merged.keys()]);
  return [...merged.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function typeChanged(old: ServiceSpec, config: ServiceConfig): Problem {
  const detail = `Service “${old.name}” is ${old.type} here and cannot become ${config.type}; give the new one another name.`;
  return new Problem('state-conflict', detail);
}

function nameTaken(name: string): Problem {
  const detail = `There is a service “${name}” in the environment already; give the application another name.`;
  return new Problem('state-conflict', detail);
}

function tooMany(names: readonly string[]): Problem {
  const listed = names.map((name) => `“${name}”`).join(', ');
  const detail = `The environment would have ${names.length} services (${listed}); ${contractLimits.servicesMax} are the most. Services stay until the environment is deleted, because their data would go with them.`;
  return new Problem('state-conflict', detail);
}
