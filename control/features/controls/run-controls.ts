import { api } from '@ringfort/contracts/api/api.ts';
import type { ControlRunEvent } from '@ringfort/contracts/api/controls.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import { streamOperation } from '../../operation.ts';
import type { ControlServices, RouteHandler } from '../../route-handler.ts';
import { allControls } from './all-controls.ts';
import { breakControls } from './break-controls.ts';
import type { Control } from './control.ts';
import { liveContext, type ControlsEnvironment } from './controls-context.ts';
import type { InjectorClient } from './injector-client.ts';
import { runControl } from './run-control.ts';
import type { SandboxHandlers } from './sandbox.ts';
import { actorInSandbox, sandboxPermissions, sandboxWorkspace, sandboxWorkspaceId } from './sandbox-workspace.ts';
import { addResult, ensureSandboxWorkspace } from './store.ts';

export type RunControlsOptions = {
  readonly environment: ControlsEnvironment;
  readonly injector: InjectorClient;
  readonly handlers: SandboxHandlers;
  readonly services: ControlServices;
};

/** Runs controls now, or break-tests them. Who may run controls may do both; a break test leaves its traces in the audit log. */
export function runControls(options: RunControlsOptions): RouteHandler<typeof api.runControls> {
  return streamOperation(api.runControls, {
    run: async ({ tx, input, actor, clock, newId, requestId, recordIn, signal }) => {
      const { ids, mode } = input.body;
      const controls = chooseControls(ids);
      const subject = controls.map((control) => control.id).join(', ');
      if (mode === 'verify') return { subject, after: { mode }, answer: verifyControls(controls, options.environment) };
      await recordIn(sandboxWorkspaceId, { subject: sandboxWorkspace, after: { mode } });
      const grant = { workspaceId: sandboxWorkspaceId, slug: sandboxWorkspace, actor, permissions: sandboxPermissions };
      await ensureSandboxWorkspace(tx, grant);
      const project = `break-${newId().slice(-12)}`;
      const sandbox = { ...options, actor: actorInSandbox(actor, new Date(clock.nowMs())), requestId, project, signal };
      return { subject, after: { mode }, answer: breakControls(controls, { ...options, sandbox }) };
    },
  });
}

async function* verifyControls(
  controls: readonly Control[],
  environment: ControlsEnvironment,
): AsyncGenerator<ControlRunEvent> {
  for (const control of controls) {
    yield { type: 'progress', id: control.id, message: 'looking' };
    const result = await runControl(control, await liveContext(environment));
    await addResult(environment.live.reconciler, result);
    yield { type: 'result', phase: 'verify', result };
  }
}

function chooseControls(ids: readonly string[]): readonly Control[] {
  const missing = ids.find((id) => !allControls.some((control) => control.id === id));
  if (missing !== undefined) {
    const known = allControls.map((control) => control.id).join(', ');
    throw new Problem('not-found', `There is no control “${missing}”. There are: ${known}.`);
  }
  return ids.length === 0 ? allControls : allControls.filter((control) => ids.includes(control.id));
}
