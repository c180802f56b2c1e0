import type { Environment, Stage } from '@ringfort/contracts/api/environments.ts';
import { Problem } from '@ringfort/contracts/problem.ts';

import type { CommandContext } from './command.ts';
import { exitCodes, Failure } from './failure.ts';
import { listAll } from './list-all.ts';
import type { EnvironmentScope, ProjectScope } from './scope.ts';

export type EnsureOptions = {
  readonly project: string;
  readonly stage?: Stage | undefined;
  /** Makes what is missing without asking. */
  readonly yes: boolean;
};

/** The environment that a deployment goes to. What of project and environment is missing is made, once the user agrees. */
export async function ensureEnvironment(
  context: CommandContext,
  options: EnsureOptions,
): Promise<{ readonly scope: EnvironmentScope; readonly url: string }> {
  const params = { workspace: context.globals.workspace, project: options.project };
  const environments = await listEnvironments(context, params);
  const slug = await chooseEnvironment(context, environments ?? []);
  const scope = { ...params, environment: slug };
  const present = environments?.find((environment) => environment.slug === slug);
  if (present !== undefined) return { scope, url: present.url };
  const stage = options.stage ?? stageOf(slug);
  await agree(context, options, [
    ...(environments === undefined ? [`the project “${options.project}”`] : []),
    `the environment “${slug}” (${stage})`,
  ]);
  const client = context.client();
  if (environments === undefined)
    await client.call('createProject', { params: { workspace: params.workspace }, body: { slug: options.project } });
  const made = await client.call('createEnvironment', { params, body: { slug, stage } });
  context.terminal.note(`${context.terminal.paint('green', '✓')} Made ${options.project}/${slug} (${stage})`);
  return { scope, url: made.url };
}

/** The stage that an environment's name suggests. */
export function stageOf(slug: string): Stage {
  if (/^(production|prod|live|main)$/.test(slug)) return 'production';
  if (/^(staging|stage|preview)$/.test(slug)) return 'staging';
  return /^(test|tests|testing|qa|ci)$/.test(slug) ? 'test' : 'development';
}

async function listEnvironments(
  context: CommandContext,
  params: ProjectScope,
): Promise<readonly Environment[] | undefined> {
  try {
    return await listAll((query) => context.client().call('listEnvironments', { params, query }));
  } catch (error) {
    if (error instanceof Problem && error.code === 'not-found') return undefined;
    throw error;
  }
}

async function chooseEnvironment(context: CommandContext, environments: readonly Environment[]): Promise<string> {
  const names = environments.map((environment) => environment.slug);
  const { globals, terminal, prompts } = context;
  if (globals.environment !== undefined) return globals.environment;
  if (terminal.isInteractive && names.length === 0) return prompts.ask('Which environment?', 'staging');
  if (terminal.isInteractive) return prompts.choose('Which environment?', names);
  const there = names.length === 0 ? 'There is none yet' : `There are ${names.join(', ')}`;
  throw new Failure(`Which environment is meant? ${there}.`, {
    exitCode: exitCodes.usage,
    fix: 'Name it with --environment (-e), as in `ringfort deploy -e staging`.',
  });
}

async function agree(context: CommandContext, options: EnsureOptions, missing: readonly string[]): Promise<void> {
  if (options.yes) return;
  const what = missing.join(' and ');
  if (!context.terminal.isInteractive)
    throw new Failure(`There is no such thing yet: ${what}.`, {
      exitCode: exitCodes.usage,
      fix: 'Add --yes to make it, or check the names.',
    });
  if (!(await context.prompts.confirm(`Make ${what}?`)))
    throw new Failure('Cancelled.', { exitCode: exitCodes.interrupted });
}
