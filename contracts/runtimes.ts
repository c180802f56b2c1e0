import { z } from 'zod';

/** The standard runtimes on offer, each an image that Ringfort builds itself. */
export const Runtime = z.enum(['node@24']);
export type Runtime = z.infer<typeof Runtime>;

/** The managed services on offer. `mysql` is MariaDB; the version is the server's own. */
export const ServiceType = z.enum(['mysql@11.8']);
export type ServiceType = z.infer<typeof ServiceType>;

/** The one port on which a service of the type answers, and the scheme of its connection address. */
export const servicePorts = {
  'mysql@11.8': { port: 3306, scheme: 'mysql' },
} as const satisfies Readonly<Record<ServiceType, { readonly port: number; readonly scheme: string }>>;
