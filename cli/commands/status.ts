import { z } from 'zod';

import type { EnvironmentStatus } from '@ringfort/contracts/api/environments.ts';

import type { ApiOutput } from '../api-client.ts';
import { defineCommand, type CommandContext } from '../command.ts';
import { environmentLines, isWell } from '../environment-lines.ts';
import { exitCodes } from '../failure.ts';
import { listAll } from '../list-all.ts';
import { printPrograms, readPrograms } from '../platform-programs.ts';
import { findProject } from '../scope.ts';

/** Shows the platform and what runs on it. */
export const command = defineCommand({
  name: 'status',
  group: 'Everyday',
  summary: 'Show the platform, the environments and what runs in them',
  examples: [
    ['ringfort status', 'Shows the project of this folder, or every project of the workspace.'],
    ['ringfort status -p guestbook -e staging --json', 'Ends with 1 when something is not well, for scripts.'],
  ],
  input: z.object({}),
  run: async (context) => {
    const { globals, terminal } = context;
    const programs = await readPrograms(context);
    if (!globals.json) printPrograms(context, programs);
    const health = await context.client().call('readHealth', {}, { signal: context.signal });
    if (!globals.json) printHealth(context, health);
    const environments = await listStatuses(context);
    if (globals.json) terminal.printJson({ health, programs: programs ?? null, environments });
    else printEnvironments(context, environments);
    const areAllWell = health.database === 'up' && health.agent === 'up' && environments.every(isWell);
    return areAllWell ? exitCodes.ok : exitCodes.failed;
  },
});

export type NamedStatus = EnvironmentStatus & { readonly project: string };

async function listStatuses(context: CommandContext): Promise<readonly NamedStatus[]> {
  const client = context.client();
  const { workspace, environment } = context.globals;
  const statuses: NamedStatus[] = [];
  for (const project of await listProjects(context)) {
    const params = { workspace, project };
    const slugs =
      environment === undefined
        ? (await listAll((query) => client.call('listEnvironments', { params, query }))).map(({ slug }) => slug)
        : [environment];
    const read = slugs.map(async (slug) =>
      client.call('readEnvironment', { params: { ...params, environment: slug } }),
    );
    statuses.push(...(await Promise.all(read)).map((status) => ({ project, ...status })));
  }
  return statuses;
}

async function listProjects(context: CommandContext): Promise<readonly string[]> {
  const project = await findProject(context);
  if (project !== undefined) return [project];
  const params = { workspace: context.globals.workspace };
  const projects = await listAll((query) => context.client().call('listProjects', { params, query }));
  return projects.map(({ slug }) => slug);
}

function printHealth({ terminal }: CommandContext, health: ApiOutput<'readHealth'>): void {
  const parts = [
    ['control', health.control],
    ['database', health.database],
    ['agent', health.agent],
  ].map(([name, state]) => `${name} ${terminal.paint(state === 'up' ? 'green' : 'red', String(state))}`);
  terminal.print(`Platform  ${parts.join(', ')}`);
}

function printEnvironments(context: CommandContext, environments: readonly NamedStatus[]): void {
  for (const environment of environments) {
    context.terminal.print('');
    for (const line of environmentLines(context, environment)) context.terminal.print(line);
  }
  if (environments.length === 0) context.terminal.print('\nNothing is deployed yet: `ringfort deploy <folder>`.');
}
