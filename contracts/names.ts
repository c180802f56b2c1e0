import { z } from 'zod';

const slug = /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/;

/** Names that become part of a DNS label: lower case, digits and single hyphens, beginning with a letter. */
export const WorkspaceSlug = z.string().max(40).regex(slug).brand('WorkspaceSlug');
/** Together with `-<environment>` it must fit a DNS label of 63 characters (RFC 1035 §2.3.4). */
export const ProjectSlug = z.string().max(40).regex(slug).brand('ProjectSlug');
/** The name of an environment inside its project. */
export const EnvironmentSlug = z.string().max(20).regex(slug).brand('EnvironmentSlug');
/** An application of `ringfort.yaml`, once it runs. It is also its host name inside the environment. */
export const ComponentName = z.string().max(30).regex(slug).brand('ComponentName');
/** A managed service of an environment. It is also its host name inside the environment. */
export const ServiceName = z.string().max(30).regex(slug).brand('ServiceName');
/** What a component calls a service it uses; in capitals it begins the injected variables (`DATABASE_URL`). */
export const RelationshipName = z
  .string()
  .max(30)
  .regex(/^[a-z](?:[a-z0-9]|[_-](?=[a-z0-9]))*$/)
  .brand('RelationshipName');
/** A host name in lower case, without a trailing dot, at least one label, no address. */
export const Hostname = z
  .string()
  .max(253)
  .regex(/^(?!\d+(?:\.\d+){3}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/)
  .brand('Hostname');

export type WorkspaceSlug = z.infer<typeof WorkspaceSlug>;
export type ProjectSlug = z.infer<typeof ProjectSlug>;
export type EnvironmentSlug = z.infer<typeof EnvironmentSlug>;
export type ComponentName = z.infer<typeof ComponentName>;
export type ServiceName = z.infer<typeof ServiceName>;
export type RelationshipName = z.infer<typeof RelationshipName>;
export type Hostname = z.infer<typeof Hostname>;
