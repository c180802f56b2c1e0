import { ImageDigest, EnvironmentSpec } from '@ringfort/contracts/environment-spec.ts';
import { EdgeCertificate } from '@ringfort/contracts/edge-snapshot.ts';
import { BuildRequest } from '@ringfort/contracts/agent-requests.ts';
import { z } from 'zod';

import { Addresses } from '../plan/allot-addresses.ts';
import { Credentials } from '../plan/credentials.ts';

/** A file of an environment's folder and the form of its content. */
export type Document<T> = { readonly file: string; readonly schema: z.ZodType<T> };

/** The newest specification taken. */
export const specDocument: Document<EnvironmentSpec> = { file: 'spec.json', schema: EnvironmentSpec };

/** Which workload has which address. */
export const addressesDocument: Document<Addresses> = { file: 'addresses.json', schema: Addresses };

/** The users made in its services. */
export const credentialsDocument: Document<Credentials> = { file: 'credentials.json', schema: Credentials };

const Applied = z.strictObject({ v: z.literal(1), generation: z.number().int() });
export type Applied = z.infer<typeof Applied>;

/** The newest generation that was wholly in effect. */
export const appliedDocument: Document<Applied> = { file: 'applied.json', schema: Applied };

/** Certificates with their keys sealed to an edge; made anew when the edge's key or the authority changes. */
export const KeptCertificates = z.strictObject({
  v: z.literal(1),
  certificates: z.array(
    z.strictObject({
      certificate: EdgeCertificate,
      renewAt: z.iso.datetime(),
      sealedTo: z.string(),
      authority: z.string(),
    }),
  ),
});
export type KeptCertificates = z.infer<typeof KeptCertificates>;
export const certificatesDocument: Document<KeptCertificates> = { file: 'certificates.json', schema: KeptCertificates };

const BuildOutcome = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('built'), image: ImageDigest, sizeBytes: z.number().int() }),
  z.strictObject({ type: z.literal('failed'), code: z.enum(['source-refused', 'build-failed']), reason: z.string() }),
]);
export type BuildOutcome = z.infer<typeof BuildOutcome>;

const FinishedBuild = z.strictObject({
  v: z.literal(1),
  request: BuildRequest,
  outcome: BuildOutcome,
  finishedAt: z.iso.datetime(),
});
export type FinishedBuild = z.infer<typeof FinishedBuild>;
const FinishedBuilds = z.strictObject({ v: z.literal(1), builds: z.array(FinishedBuild) });
export type FinishedBuilds = z.infer<typeof FinishedBuilds>;

/** Builds that ended, oldest first. */
export const buildsDocument: Document<FinishedBuilds> = { file: 'builds.json', schema: FinishedBuilds };
