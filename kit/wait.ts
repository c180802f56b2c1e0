/**
 * Resolves after `delayMs`, or at once when the signal is aborted: a stopped program must not be held up by a timer.
 * It never rejects; the caller looks at `signal.aborted`.
 */
export function wait(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, delayMs);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
