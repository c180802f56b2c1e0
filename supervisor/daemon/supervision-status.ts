import { request } from 'node:http';

import { z } from 'zod';

import { supervisorLimits as limits } from '../limits.ts';

const ProgramStatus = z.object({
  name: z.string(),
  state: z.enum(['waiting', 'starting', 'ready', 'restarting', 'stopped']),
  pid: z.number().int().nullable(),
  restarts: z.number().int(),
  startedAt: z.iso.datetime().nullable(),
  /** An older version runs and is replaced soon, or was kept because a newer one did not get ready. */
  isOutdated: z.boolean(),
});
export type ProgramStatus = z.infer<typeof ProgramStatus>;

/** What the daemon tells on its socket, which root alone can open. */
export const SupervisionStatus = z.object({
  instance: z.string(),
  programDigest: z.string(),
  planDigest: z.string(),
  /** The program whose new version does not get ready, so that the ones after it were not replaced. */
  stalledBy: z.string().nullable(),
  programs: z.array(ProgramStatus),
});
export type SupervisionStatus = z.infer<typeof SupervisionStatus>;

/** Asks the daemon; undefined when none answers. */
export function readSupervisionStatus(socketPath: string): Promise<SupervisionStatus | undefined> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path: '/v1/status', timeout: limits.socketAnswerTimeoutMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => resolve(undefined));
      response.on('end', () => {
        const parsed = SupervisionStatus.safeParse(parseJson(Buffer.concat(chunks).toString()));
        if (parsed.success) return resolve(parsed.data);
        reject(new Error('The supervisor answered in an unknown form', { cause: parsed.error }));
      });
    });
    asking.on('timeout', () => asking.destroy());
    asking.on('error', () => resolve(undefined));
    asking.end();
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
