import type { WorkloadRef } from '@ringfort/contracts/agent-requests.ts';
import type { ControlState } from '@ringfort/contracts/api/controls.ts';
import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import type { Place, ProbeAnswer, ProbeAttempt, ProbeOutcome, ProbeRequest } from '@ringfort/contracts/probe.ts';
import type { Clock } from '@ringfort/kit/clock.ts';
import type { z } from 'zod';

import type { SeenEnvironment } from './seen-environment.ts';

/**
 * A promise with its proof. `verify` looks from where an attacker would stand, never at our own configuration; each negative probe
 * has a positive twin in the same run, or the result is `unknown`. `breakIt` breaks the thing itself, in the sandbox alone.
 */
export type Control = {
  /** The claim's id (`isolation.environment`). */
  readonly id: string;
  /** The public sentence. */
  readonly claim: string;
  /** What it counts for elsewhere: `ISO27001:A.8.22`. */
  readonly supports: readonly string[];
  readonly everyMs: number;
  readonly verify: (context: ControlContext) => Promise<Finding>;
  readonly breakIt: (sandbox: Sandbox) => Promise<Injection>;
};

/** Declares a control; `all-controls.ts` lists it. */
export function control(definition: Control): Control {
  return definition;
}

/** What a control found. `evidence` says what was tried from where and what answered, so that others can judge it. */
export type Finding = {
  readonly state: Extract<ControlState, 'pass' | 'fail' | 'unknown'>;
  readonly seenFrom: readonly string[];
  readonly evidence: z.core.util.JSONType;
};

export type ControlContext = {
  readonly clock: Clock;
  readonly nonce: () => string;
  /** Every environment there is; in a break test only those of the sandbox. */
  readonly environments: readonly SeenEnvironment[];
  readonly probe: Probe;
  /** The database under test: the live one, or in a break test the throw-away one. */
  readonly database: AuditWall;
};

/** Looks through the prober; each answer was signed by it, and the signature is checked. */
export type Probe = {
  readonly attempt: (from: Place, attempts: readonly ProbeAttempt[]) => Promise<readonly ProbeOutcome[]>;
  readonly listeners: (at: Place) => Promise<SeenListeners>;
  /** True once it listens. */
  readonly canary: (at: Place, canary: Canary) => Promise<boolean>;
};

export type SeenListeners = Omit<Extract<ProbeAnswer, { readonly action: 'listeners' }>, 'action'>;
export type Canary = Omit<Extract<ProbeRequest, { readonly action: 'canary' }>, 'action' | 'at'>;

/** Writes on tenant tables as the runtime role, always rolled back. */
export type AuditWall = {
  readonly listTenantTables: () => Promise<readonly string[]>;
  /** Tries to write without an audit event, every setting forged. Gives the error's code, or null when the write went through. */
  readonly writeUnaudited: (table: string, verb: WriteVerb) => Promise<WriteAttempt>;
  /** The same write with an audit event before it; true when it goes through: the wall refuses for the right reason. */
  readonly writeAudited: () => Promise<boolean>;
};

export type WriteVerb = 'insert' | 'update' | 'delete';
export type WriteAttempt = {
  /** `guarded`: there was no row to try it on, but the trigger for it is there and enabled. */
  readonly outcome: 'refused' | 'written' | 'guarded' | 'no-row';
  readonly code: string;
};

/** A throw-away workspace with two environments, each with an application, one that uses the database and one that does not. */
export type Sandbox = {
  readonly environmentIds: readonly [EnvironmentId, EnvironmentId];
  readonly injector: {
    readonly flushRules: (environmentId: EnvironmentId) => Promise<Injection>;
    readonly startListener: (
      environmentId: EnvironmentId,
      at: { readonly workload: WorkloadRef; readonly port: number },
    ) => Promise<Injection>;
    /** Takes the audit wall of the throw-away database down. */
    readonly dropAuditWall: () => Promise<Injection>;
  };
};

/** A break that is in effect until it is healed; its lease ends it too. */
export type Injection = { readonly heal: () => Promise<void> };
