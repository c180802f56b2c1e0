import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';

/**
 * What the agent said to specifications since this control began. It is only a shortcut: a control that starts anew sends everything
 * once more, which changes nothing where nothing differs.
 */
export type AgentMemory = {
  /** The generation that the agent took last. */
  readonly taken: Map<EnvironmentId, number>;
  /** The generation that it refused last, and why. */
  readonly refused: Map<EnvironmentId, { readonly generation: number; readonly detail: string }>;
  /** A generation that it must have gone past, because it called a newer one stale. */
  readonly ahead: Map<EnvironmentId, number>;
  /** What was stored of its last word on each environment, and when. */
  readonly stored: Map<EnvironmentId, { readonly text: string; readonly atMs: number }>;
  /** The platform's own certificates as they were stored, and when the snapshot was last compared. */
  platformCertificates: string;
  publishedAtMs: number;
  /** Whether it answered last time, so that its absence is told once. */
  isAnswering: boolean;
};

/** The memory of a control that has just begun: the agent is told everything once more. */
export function createAgentMemory(): AgentMemory {
  return {
    taken: new Map(),
    refused: new Map(),
    ahead: new Map(),
    stored: new Map(),
    platformCertificates: '[]',
    publishedAtMs: 0,
    isAnswering: true,
  };
}
