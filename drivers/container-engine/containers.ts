import type { EnvironmentId } from '@ringfort/contracts/identifiers.ts';
import { z } from 'zod';

import type { DriverContext } from './context.ts';
import { EngineRefusal } from './engine-client.ts';
import { ContainerDetail, ContainerEntry, Created } from './engine-schemas.ts';
import { labels, type Role } from './labels.ts';

/** The instance's containers, also stopped ones, narrowed to an environment when one is given. */
export async function listContainers(
  context: DriverContext,
  environmentId?: EnvironmentId,
): Promise<readonly ContainerEntry[]> {
  const instance = `${labels.instance}=${context.options.instance}`;
  const environment = environmentId === undefined ? [] : [`${labels.environment}=${environmentId}`];
  const filters = JSON.stringify({ label: [instance, ...environment] });
  const query = { all: 'true', filters };
  return context.engine.get({ method: 'GET', path: 'containers/json', query }, z.array(ContainerEntry));
}

/** What a container is for; undefined for one that the driver did not make. */
export function roleOf(container: ContainerEntry): Role | undefined {
  const role = container.Labels[labels.role];
  return role === 'pause' || role === 'main' || role === 'build-pause' || role === 'build' ? role : undefined;
}

/** A container by its id or name; undefined when there is none. */
export async function findContainer(context: DriverContext, id: string): Promise<ContainerDetail | undefined> {
  return context.engine.find({ method: 'GET', path: `containers/${id}/json` }, ContainerDetail);
}

/** Like `findContainer`, for one that must be there. */
export async function getContainer(context: DriverContext, id: string): Promise<ContainerDetail> {
  return context.engine.get({ method: 'GET', path: `containers/${id}/json` }, ContainerDetail);
}

/** Makes a container that has a name. One of that name that a cut-off call left is taken away first. */
export async function createContainer(
  context: DriverContext,
  body: Readonly<Record<string, unknown>> & { readonly name: string },
): Promise<string> {
  const call = { method: 'POST', path: 'containers/create', body } as const;
  try {
    return (await context.engine.get(call, Created)).Id;
  } catch (error) {
    if (!(error instanceof EngineRefusal) || !/already in use/.test(error.message)) throw error;
    await removeContainer(context, body.name);
    return (await context.engine.get(call, Created)).Id;
  }
}

/** Starts it; nothing happens when it runs. */
export async function startContainer(context: DriverContext, id: string): Promise<void> {
  await context.engine.act({ method: 'POST', path: `containers/${id}/start` }, [304]);
}

/** Asks it to end, and kills it after the grace. Nothing happens when it does not run or is gone. */
export async function stopContainer(
  context: DriverContext,
  { id, graceSeconds }: { readonly id: string; readonly graceSeconds: number },
): Promise<void> {
  const query = { timeout: String(graceSeconds) };
  await context.engine.act({ method: 'POST', path: `containers/${id}/stop`, query }, [304, 404]);
}

/** Kills and removes it; nothing happens when it is gone. */
export async function removeContainer(context: DriverContext, id: string): Promise<void> {
  const query = { force: 'true', timeout: '0', v: 'true' };
  await context.engine.act({ method: 'DELETE', path: `containers/${id}`, query }, [404]);
}
