import type { WorkloadRef } from '@ringfort/contracts/agent-requests.ts';
import type { ReleaseId } from '@ringfort/contracts/identifiers.ts';

/** How a line of a workload's log names where it came from: `web.0` with its release, or a service's name. */
export function logSource(ref: WorkloadRef): { readonly source: string; readonly releaseId?: ReleaseId } {
  if (ref.kind === 'service') return { source: ref.name };
  const source = `${ref.name}.${ref.replica}`;
  return ref.releaseId === undefined ? { source } : { source, releaseId: ref.releaseId };
}
