import type { ComponentSpec, EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import { Problem, type ProblemField } from '@ringfort/contracts/problem.ts';

import { agentLimits as limits } from '../limits.ts';
import { variablePrefix } from './relationship-variables.ts';
import { listWorkloads } from './workload-key.ts';

/**
 * What the form of a specification cannot say: that names are there once, that relationships lead to services, that it fits into an
 * environment, that it takes no host name of the platform's. Throws `input-invalid`. The agent trusts nobody's check but its own.
 */
export function checkSpec(spec: EnvironmentSpec, platformHostnames: readonly string[]): void {
  const fields = [
    ...repeated(spec.services.map(({ name }) => name)).map((name) => field('services', `“${name}” is there twice`)),
    ...repeated(spec.releases.map(({ releaseId }) => releaseId)).map((id) => field('releases', `${id} is there twice`)),
    ...repeated(spec.hostnames).map((name) => field('hostnames', `“${name}” is there twice`)),
    ...spec.hostnames
      .filter((name) => platformHostnames.includes(name))
      .map((name) => field('hostnames', `“${name}” is the platform's own`)),
    ...spec.releases.flatMap(({ components }, index) => checkComponents(components, `releases.${index}`, spec)),
    ...checkSizes(spec),
  ];
  if (fields.length === 0) return;
  const first = fields.slice(0, 3).map(({ path, message }) => `${path}: ${message}`);
  throw new Problem('input-invalid', `The specification cannot be applied. ${first.join('. ')}.`, { fields });
}

function checkComponents(components: readonly ComponentSpec[], at: string, spec: EnvironmentSpec): Fields {
  const services = spec.services.map(({ name }): string => name);
  const names = components.map(({ name }): string => name);
  return [
    ...repeated(names).map((name) => field(at, `“${name}” is there twice`)),
    ...names.filter((name) => services.includes(name)).map((name) => field(at, `“${name}” is a service's name`)),
    ...components.flatMap(({ name, relationships }) =>
      Object.values(relationships)
        .filter((service) => !services.includes(service))
        .map((service) => field(`${at}.${name}`, `There is no service “${service}”`)),
    ),
    ...components.flatMap(({ name, relationships }) =>
      repeated(Object.keys(relationships).map(variablePrefix)).map((prefix) =>
        field(`${at}.${name}`, `Two relationships give variables that begin with ${prefix}_`),
      ),
    ),
  ];
}

function checkSizes(spec: EnvironmentSpec): Fields {
  const addresses = limits.addressOffsetMax - limits.addressOffsetMin + 1 - limits.buildAddresses;
  const workloads = listWorkloads(spec).length;
  return workloads > addresses ? [field('releases', `${workloads} workloads, but at most ${addresses}`)] : [];
}

type Fields = readonly ProblemField[];

function field(path: string, message: string): ProblemField {
  return { path, message };
}

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
