import type { ComponentSpec, EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import { servicePorts } from '@ringfort/contracts/runtimes.ts';

import { userName, type Credentials } from './credentials.ts';
import { databaseName } from './mysql-init.ts';

/** The variables that tell a component how to reach the services it declares: `DATABASE_URL`, `DATABASE_HOST` and so on. */
export function relationshipVariables(
  component: ComponentSpec,
  spec: EnvironmentSpec,
  credentials: Credentials,
): Variables {
  const entries = Object.entries(component.relationships).flatMap(([relationship, service]) => {
    const target = spec.services.find(({ name }) => name === service);
    const name = userName(component.name, relationship);
    const user = credentials.services[service]?.users.find((one) => one.name === name);
    if (target === undefined || user === undefined) throw new Error(`No service or user for ${relationship}`);
    const { port, scheme } = servicePorts[target.type];
    const prefix = variablePrefix(relationship);
    const login = `${encodeURIComponent(user.name)}:${encodeURIComponent(user.password)}`;
    return [
      [`${prefix}_HOST`, service],
      [`${prefix}_PORT`, String(port)],
      [`${prefix}_USER`, user.name],
      [`${prefix}_PASSWORD`, user.password],
      [`${prefix}_DATABASE`, databaseName],
      [`${prefix}_URL`, `${scheme}://${login}@${service}:${port}/${databaseName}`],
    ] as const;
  });
  return Object.fromEntries(entries);
}

/** What the variables of a relationship begin with; `my-db` and `my_db` have the same, which `checkSpec` refuses. */
export function variablePrefix(relationship: string): string {
  return relationship.toUpperCase().replaceAll('-', '_');
}

type Variables = Readonly<Record<string, string>>;
