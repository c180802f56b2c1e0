import { z } from 'zod';

/** `instance.json`: what was settled when the instance was first set up and stays so. Anybody may read it; it holds no secret. */
export const InstanceSettings = z.object({
  v: z.literal(1),
  instance: z.string(),
  /** Its number on this machine, never given to another instance while this one is there. */
  index: z.number().int().min(0),
  driver: z.enum(['container-engine', 'simulated']),
  /** IPv4, a /16. */
  network: z.cidrv4(),
  interfacePrefix: z.string(),
  uidBase: z.number().int(),
  environmentsMax: z.number().int(),
  httpPort: z.number().int(),
  httpsPort: z.number().int(),
  edges: z.number().int().min(1),
});
export type InstanceSettings = z.infer<typeof InstanceSettings>;

/** The first host uid of an instance's block of 2,048 environments with 65,536 each, and how many blocks there are. */
export const uidBlocks = { first: 0x10_00_00_00, size: 0x08_00_00_00, environments: 2_048, count: 30 } as const;
