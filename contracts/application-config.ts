import { z } from 'zod';

import { EgressRule } from './egress.ts';
import { contractLimits as limits } from './limits.ts';
import { ComponentName, ProjectSlug, RelationshipName, ServiceName } from './names.ts';
import { Runtime, ServiceType } from './runtimes.ts';

const Command = z
  .string()
  .min(1)
  .max(limits.commandCharactersMax)
  .regex(/^[^\0]*$/);
const UrlPath = z
  .string()
  .max(1_024)
  .startsWith('/')
  .regex(/^[!-~]*$/);
/** Names an operating system takes for variables; `RINGFORT_` is the platform's own. */
const VariableName = z
  .string()
  .max(128)
  .regex(/^(?!RINGFORT_)[A-Za-z_][A-Za-z0-9_]*$/);

export const Variables = z
  .record(VariableName, z.string().max(limits.variableCharactersMax))
  .refine((all) => Object.keys(all).length <= limits.variablesMax, `At most ${limits.variablesMax} variables`);

export const HealthCheck = z.strictObject({
  /** Asked with GET inside the application's own network namespace; 200–399 is healthy. */
  path: UrlPath.default('/'),
  /** How long a new release may take until its first healthy answer. */
  startSeconds: z.number().int().min(5).max(600).default(60),
});

const ApplicationConfig = z.strictObject({
  runtime: Runtime,
  /** Run once for each release, as an isolated workload that reaches the package mirrors only. */
  build: Command.optional(),
  start: Command,
  /** The HTTP port, given to the application as `PORT`. */
  port: z.number().int().min(1_024).max(65_535).default(8_080),
  replicas: z.number().int().min(1).max(limits.replicasMax).default(1),
  health: HealthCheck.default({ path: '/', startSeconds: 60 }),
  /** What the application calls a service → the service's name. Only these connections are open. */
  relationships: z.record(RelationshipName, ServiceName).default({}),
  variables: Variables.default({}),
  memoryMiB: z.number().int().min(64).max(16_384).default(512),
});

export const ServiceConfig = z.strictObject({
  type: ServiceType,
  diskMiB: z.number().int().min(256).max(1_048_576).default(2_048),
  memoryMiB: z.number().int().min(256).max(16_384).default(512),
});

/** The content of `ringfort.yaml`. Unknown keys are refused: a misspelt limit must not be a missing limit. */
export const ProjectConfig = z
  .strictObject({
    name: ProjectSlug,
    applications: z.record(ComponentName, ApplicationConfig),
    services: z.record(ServiceName, ServiceConfig).default({}),
    /** Path prefix → application. Left out: everything goes to the only application. */
    routes: z.record(UrlPath, ComponentName).optional(),
    firewall: z.strictObject({ outbound: z.array(EgressRule).max(limits.egressRulesMax).optional() }).default({}),
  })
  .superRefine((config, context) => {
    const issue = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const applications = Object.entries(config.applications);
    if (applications.length === 0) issue(['applications'], 'Name at least one application');
    if (applications.length > limits.applicationsMax)
      issue(['applications'], `At most ${limits.applicationsMax} applications`);
    if (Object.keys(config.services).length > limits.servicesMax)
      issue(['services'], `At most ${limits.servicesMax} services`);
    for (const [name, application] of applications) {
      if (Object.hasOwn(config.services, name)) issue(['services', name], 'An application has this name already');
      for (const [relationship, service] of Object.entries(application.relationships))
        if (!Object.hasOwn(config.services, service))
          issue(
            ['applications', name, 'relationships', relationship],
            `There is no service “${service}” under services`,
          );
    }
    if (config.routes === undefined && applications.length > 1)
      issue(['routes'], 'Say which path goes to which application');
    if (Object.keys(config.routes ?? {}).length > limits.routesMax)
      issue(['routes'], `At most ${limits.routesMax} routes`);
    for (const [path, component] of Object.entries(config.routes ?? {}))
      if (!Object.hasOwn(config.applications, component))
        issue(['routes', path], `There is no application “${component}”`);
  });

export type ProjectConfig = z.infer<typeof ProjectConfig>;
export type ApplicationConfig = z.infer<typeof ApplicationConfig>;
export type ServiceConfig = z.infer<typeof ServiceConfig>;
export type HealthCheck = z.infer<typeof HealthCheck>;
