import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats `attempt` until it gives a value; its last failure is the error's cause when the time is up. */
export async function eventually<T>(what: string, attempt: () => Promise<T>, timeoutMs = 90_000): Promise<T> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (Date.now() > deadlineMs)
        throw new Error(`In ${timeoutMs} ms it did not come to pass that ${what}`, { cause });
      await sleep(250);
    }
  }
}
