import { z } from 'zod';

/** The parts of libpod's answers that the driver reads. */
export const ContainerEntry = z.object({
  Id: z.string(),
  State: z.string(),
  ExitCode: z.number(),
  StartedAt: z.number(),
  Labels: z
    .record(z.string(), z.string())
    .nullish()
    .transform((all) => all ?? {}),
});
export type ContainerEntry = z.infer<typeof ContainerEntry>;

export const ContainerDetail = z.object({
  Id: z.string(),
  State: z.object({
    Status: z.string(),
    Pid: z.number(),
    OOMKilled: z.boolean(),
    ExitCode: z.number(),
    StartedAt: z.string(),
  }),
  NetworkSettings: z.object({ SandboxKey: z.string() }),
  HostConfig: z.object({ LogConfig: z.object({ Path: z.string() }) }),
});
export type ContainerDetail = z.infer<typeof ContainerDetail>;

export const Created = z.object({ Id: z.string() });

export const NetworkEntry = z.object({
  name: z.string(),
  network_interface: z.string(),
  subnets: z.array(z.object({ subnet: z.string(), gateway: z.string() })).nullish(),
  labels: z
    .record(z.string(), z.string())
    .nullish()
    .transform((all) => all ?? {}),
});
export type NetworkEntry = z.infer<typeof NetworkEntry>;

/** Also the form of entries in lists of images. */
export const ImageDetail = z.object({
  Id: z.string(),
  Size: z.number(),
  Labels: z
    .record(z.string(), z.string())
    .nullish()
    .transform((all) => all ?? {}),
});
