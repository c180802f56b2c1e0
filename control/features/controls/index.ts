import type { ControlServices } from '../../route-handler.ts';
import type { ControlsEnvironment } from './controls-context.ts';
import type { InjectorClient } from './injector-client.ts';
import { listControls } from './list-controls.ts';
import { runControls } from './run-controls.ts';
import type { SandboxHandlers } from './sandbox.ts';

export { InjectorClient } from './injector-client.ts';
export { ProberClient } from './prober-client.ts';
export { watchControls } from './watch-controls.ts';

export type ControlHandlersOptions = {
  readonly environment: ControlsEnvironment;
  readonly injector: InjectorClient;
  /** With which break tests make their sandbox. */
  readonly handlers: SandboxHandlers;
  readonly services: ControlServices;
};

/** The handlers of controls. */
export function controlHandlers(options: ControlHandlersOptions) {
  return { listControls: listControls(options.environment.live.reconciler), runControls: runControls(options) };
}
