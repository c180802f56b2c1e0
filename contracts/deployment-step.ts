import { z } from 'zod';

/**
 * The persisted steps of a deployment, in order. Each is entered in one transaction and may be repeated after a crash. The kill tests
 * take their list from here.
 *
 * - `preparing`: the environment's specification (network, services) is applied;
 * - `building`: the agent builds each application from the source;
 * - `starting`: the new release runs beside the old one, without traffic, until it is healthy;
 * - `switching`: the snapshot names the new release; every live edge has to acknowledge it;
 * - `draining`: open requests of the old release end; then the specification drops it.
 */
export const deploymentSteps = ['preparing', 'building', 'starting', 'switching', 'draining'] as const;

export const DeploymentState = z.enum([...deploymentSteps, 'succeeded', 'failed', 'superseded']);
export type DeploymentState = z.infer<typeof DeploymentState>;
