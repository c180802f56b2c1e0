import { readFileSync } from 'node:fs';

/** The instance that the end-to-end tests run on. Its own, so that it runs beside a demo on the same machine. */
export const instance = process.env['RINGFORT_INSTANCE'] ?? 'test';
export const full = process.env['RINGFORT_TEST_FULL'] === '1';

export const home = `/var/lib/ringfort/${instance}`;
export const run = `/run/ringfort/${instance}`;

/** The instance's settings, as `up` wrote them. */
export function httpsPort(): number {
  const settings: unknown = JSON.parse(readFileSync(`${home}/instance.json`, 'utf8'));
  if (
    typeof settings === 'object' &&
    settings !== null &&
    'httpsPort' in settings &&
    typeof settings.httpsPort === 'number'
  )
    return settings.httpsPort;
  throw new Error(`${home}/instance.json holds no httpsPort`);
}
