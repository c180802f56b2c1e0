import { Problem } from '@ringfort/contracts/problem.ts';
import { Agent, request } from 'undici';
import type { z } from 'zod';

import { injectorLimits as limits } from './limits.ts';

/** Asks Podman's API (libpod 4.0 and later) over its unix socket, for reading alone. */
export type EngineClient = {
  /** The parsed answer; undefined when there is no such thing. */
  readonly find: <T>(path: string, schema: z.ZodType<T>) => Promise<T | undefined>;
  readonly close: () => Promise<void>;
};

/** Connects when it is first used; throws `engine-unavailable` when nothing answers. */
export function createEngineClient(socketPath: string): EngineClient {
  const dispatcher = new Agent({
    connect: { socketPath },
    headersTimeout: limits.engineTimeoutMs,
    bodyTimeout: limits.engineTimeoutMs,
    maxResponseSize: limits.engineAnswerBytesMax,
  });
  const get = async (path: string): Promise<{ readonly status: number; readonly text: string }> => {
    try {
      const { statusCode, body } = await request(`http://engine/v4.0.0/libpod/${path}`, { dispatcher });
      return { status: statusCode, text: await body.text() };
    } catch (cause) {
      throw new Problem('engine-unavailable', 'The container engine does not answer.', { cause });
    }
  };
  return {
    find: async (path, schema) => {
      const { status, text } = await get(path);
      if (status === 404) return undefined;
      if (status !== 200) throw new Problem('engine-unavailable', `The container engine answered with ${status}.`);
      return schema.parse(JSON.parse(text));
    },
    close: () => dispatcher.destroy(),
  };
}
