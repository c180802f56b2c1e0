import type { InstancePaths } from '../instance/instance-paths.ts';
import type { InstanceSettings } from '../instance/instance-settings.ts';
import { demoEnvironments } from './deploy-demo.ts';

/** What `up` tells in the end, as data. */
export type UpSummary = {
  readonly instance: string;
  readonly driver: InstanceSettings['driver'];
  readonly api: string;
  readonly applications: Readonly<Record<string, string>>;
  readonly authority: string;
  readonly token: string;
};

/** Collects it from what the instance is. */
export function summarize(instance: InstanceSettings, paths: InstancePaths, hasDemo: boolean): UpSummary {
  const port = instance.httpsPort === 443 ? '' : `:${instance.httpsPort}`;
  const applications =
    hasDemo && instance.driver !== 'simulated'
      ? demoEnvironments.map((name) => [`guestbook in ${name}`, `https://guestbook-${name}.localhost${port}/`] as const)
      : [];
  return {
    instance: instance.instance,
    driver: instance.driver,
    api: `https://localhost${port}/v1`,
    applications: Object.fromEntries(applications),
    authority: paths.authorityFile,
    token: paths.tokenFile,
  };
}

const simulated = [
  'The engine is simulated: nothing that is deployed runs, nothing is isolated, and every control is unknown.',
];

/** The same for people, with what to try next. */
export function describeSummary(summary: UpSummary): string {
  const ringfort = summary.instance === 'default' ? './ringfort' : `RINGFORT_INSTANCE=${summary.instance} ./ringfort`;
  const [example = summary.api] = Object.values(summary.applications);
  const rows = [
    ...Object.entries(summary.applications),
    ['API', summary.api],
    ['administrator’s token', summary.token],
    ['certificate authority', summary.authority],
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return [
    '',
    `Ringfort is up (instance ${summary.instance}).`,
    ...(summary.driver === 'simulated' ? simulated : []),
    '',
    ...rows.map(([name = '', value = '']) => `  ${name.padEnd(width)}  ${value}`),
    '',
    'The addresses carry certificates of this machine’s own authority. Trust it in your browser (Settings → Certificates →',
    'Authorities → Import), or ask with it:',
    `  curl --cacert ${summary.authority} ${example}`,
    '',
    'Try next:',
    `  ${ringfort} status                                     what runs`,
    `  ${ringfort} verify                                     the promises, checked now`,
    `  ${ringfort} deploy examples/guestbook -e staging       deploy again`,
    `  ${ringfort} down                                       stop; the data stays`,
    '',
  ].join('\n');
}
