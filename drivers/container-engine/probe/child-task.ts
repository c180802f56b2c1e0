import type { ProbeRequest } from '@ringfort/contracts/probe.ts';

/** What a probe's child is told. A link-local address is already one attempt for each interface; DNS servers are filled in. */
export type ChildTask =
  | { readonly action: 'attempt'; readonly attempts: readonly ChildAttempt[]; readonly timeoutMs: number }
  | { readonly action: 'listeners' }
  | Pick<Extract<ProbeRequest, { readonly action: 'canary' }>, 'action' | 'protocol' | 'port' | 'nonce' | 'lifeMs'>;

export type ChildAttempt =
  | { readonly protocol: 'tcp' | 'udp'; readonly address: string; readonly port: number; readonly payload: string }
  | { readonly protocol: 'dns'; readonly server: string; readonly name: string };
