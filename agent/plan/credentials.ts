import type { EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import { z } from 'zod';

import { agentLimits as limits } from '../limits.ts';

const User = z.strictObject({ name: z.string(), password: z.string() });

/**
 * The users that the agent made in an environment's services, one for each component and relationship. `retired` names those that were
 * there before and must be dropped from the service when it starts.
 */
export const Credentials = z.strictObject({
  v: z.literal(1),
  services: z.record(z.string(), z.strictObject({ users: z.array(User), retired: z.array(z.string()) })),
});
export type Credentials = z.infer<typeof Credentials>;

export const noCredentials: Credentials = { v: 1, services: {} };

/**
 * The credentials that a specification needs: what is there is kept, what is missing is made with `makePassword`, what no release
 * declares any more is retired. The users' order is by name, so that the same set gives the same result.
 */
export function planCredentials(spec: EnvironmentSpec, current: Credentials, makePassword: () => string): Credentials {
  const services = spec.services.map(({ name: service }) => {
    const before = current.services[service] ?? { users: [], retired: [] };
    const wanted = userNames(spec, service);
    const users = wanted.map(
      (name) => before.users.find((user) => user.name === name) ?? { name, password: makePassword() },
    );
    const gone = before.users.map((user) => user.name).filter((name) => !wanted.includes(name));
    const retired = [...before.retired.filter((name) => !wanted.includes(name)), ...gone];
    return [service, { users, retired: retired.slice(-limits.retiredUsersMax) }] as const;
  });
  return { v: 1, services: Object.fromEntries(services) };
}

/** Component names hold no underscore, so the two parts cannot be confused. */
export function userName(component: string, relationship: string): string {
  return `${component}_${relationship}`;
}

function userNames(spec: EnvironmentSpec, service: string): readonly string[] {
  const names = spec.releases.flatMap(({ components }) =>
    components.flatMap((component) =>
      Object.entries(component.relationships)
        .filter(([, target]) => target === service)
        .map(([relationship]) => userName(component.name, relationship)),
    ),
  );
  return [...new Set(names)].toSorted();
}
