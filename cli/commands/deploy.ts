import { resolve } from 'node:path';
import { z } from 'zod';

import { Stage } from '@ringfort/contracts/api/environments.ts';
import type { ProjectConfig } from '@ringfort/contracts/application-config.ts';

import { defineCommand, type CommandContext } from '../command.ts';
import { exitCodes, Failure } from '../failure.ts';
import { ensureEnvironment } from '../ensure-environment.ts';
import { followDeployment, reportDeployment } from '../follow-deployment.ts';
import { configFileName, findProjectConfig } from '../read-project-config.ts';
import { uploadFolder } from '../upload-folder.ts';

const Input = z.object({
  folder: z.string().default('.'),
  stage: Stage.optional(),
  yes: z.boolean().default(false),
  detach: z.boolean().default(false),
});

/** Sends a folder, and follows how it is built and put into service. */
export const command = defineCommand({
  name: 'deploy',
  group: 'Everyday',
  summary: 'Build a folder with a ringfort.yaml and put it into service',
  arguments: [['[folder]', 'the application’s folder (else this one)']],
  options: [
    ['--stage <stage>', `stage of an environment that is made: ${Stage.options.join(', ')} (else by its name)`],
    ['-y, --yes', 'make the project and the environment without asking'],
    ['--detach', 'do not follow the deployment'],
  ],
  examples: [
    ['ringfort deploy -e staging', 'Deploys this folder to staging.'],
    ['ringfort deploy examples/guestbook -e production --yes', 'Makes what is missing, as scripts need it.'],
  ],
  input: Input,
  run: async (context, input) => {
    const folder = resolve(context.folder, input.folder);
    const config = await getConfig(context, folder);
    const { scope, url } = await ensureEnvironment(context, { ...input, project: config.name });
    const sourceDigest = await uploadFolder(context, folder);
    const client = context.client();
    const body = { sourceDigest, config };
    const started = await client.call('createDeployment', { params: scope, body }, { signal: context.signal });
    if (input.detach) {
      context.terminal.note('The deployment goes on; see `ringfort status`.');
      if (context.globals.json) context.terminal.printJson({ ...scope, url, deployment: started });
      else context.terminal.print(started.id);
      return exitCodes.ok;
    }
    const deployment = await followDeployment(context, { ...scope, deployment: started.id });
    return reportDeployment(context, { scope, url, deployment });
  },
});

/** The folder's configuration, under the project's name that the option gives. */
async function getConfig(context: CommandContext, folder: string): Promise<ProjectConfig> {
  const config = await findProjectConfig(folder, context.globals.project);
  if (config !== undefined) return config;
  throw new Failure(`There is no ${configFileName} in ${folder}.`, {
    exitCode: exitCodes.usage,
    fix: 'Name the application’s folder, or write one: examples/guestbook has an example.',
  });
}
