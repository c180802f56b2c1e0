import { auditComplete } from '../audit/audit-complete.ts';
import { isolationEnvironment } from '../isolation/isolation-environment.ts';
import { servicesPrivate } from '../isolation/services-private.ts';
import type { Control } from './control.ts';

/** Every control there is, in the order of the claims. */
export const allControls: readonly Control[] = [isolationEnvironment, servicesPrivate, auditComplete];
