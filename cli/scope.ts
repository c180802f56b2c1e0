import type { CommandContext } from './command.ts';
import { exitCodes, Failure } from './failure.ts';
import { listAll } from './list-all.ts';
import { configFileName, findProjectConfig } from './read-project-config.ts';

export type ProjectScope = { readonly workspace: string; readonly project: string };
export type EnvironmentScope = ProjectScope & { readonly environment: string };

/** The project that is meant: the option, else the name in the folder's `ringfort.yaml`; undefined when neither is there. */
export async function findProject(context: CommandContext): Promise<string | undefined> {
  return context.globals.project ?? (await findProjectConfig(context.folder))?.name;
}

/** Like `findProject`, where one is needed. */
export async function projectScope(context: CommandContext): Promise<ProjectScope> {
  const project = await findProject(context);
  if (project !== undefined) return { workspace: context.globals.workspace, project };
  throw new Failure('Which project is meant?', {
    exitCode: exitCodes.usage,
    fix: `Name it with --project, or go to a folder with a ${configFileName}.`,
  });
}

/** The environment that is meant: the option, else the project's only one, else the one that the person at the terminal chooses. */
export async function environmentScope(context: CommandContext): Promise<EnvironmentScope> {
  const params = await projectScope(context);
  if (context.globals.environment !== undefined) return { ...params, environment: context.globals.environment };
  const client = context.client();
  const environments = await listAll((query) => client.call('listEnvironments', { params, query }));
  const names = environments.map((environment) => environment.slug);
  const [first] = names;
  if (first === undefined)
    throw new Failure(`The project “${params.project}” has no environment yet.`, {
      fix: 'Deploy to one with `ringfort deploy --environment staging`.',
    });
  if (names.length === 1) return { ...params, environment: first };
  if (context.terminal.isInteractive)
    return { ...params, environment: await context.prompts.choose('Which environment?', names) };
  throw new Failure(`The project “${params.project}” has the environments ${names.join(', ')}. Which is meant?`, {
    exitCode: exitCodes.usage,
    fix: 'Name it with --environment (-e).',
  });
}
