import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { ProjectConfig } from '@ringfort/contracts/application-config.ts';

import { describeConfigIssue } from './describe-config-issue.ts';
import { exitCodes, Failure } from './failure.ts';
import { limits } from './limits.ts';
import { parseYaml } from './parse-yaml.ts';

export const configFileName = 'ringfort.yaml';

/**
 * Reads and checks the `ringfort.yaml` of a folder; undefined when there is none. A `name` takes the place of the one in it. Failures name
 * the line and the place in the file.
 */
export async function findProjectConfig(folder: string, name?: string): Promise<ProjectConfig | undefined> {
  const path = join(folder, configFileName);
  try {
    const { size } = await stat(path);
    if (size > limits.configBytesMax)
      throw new Failure(`${path} is larger than ${limits.configBytesMax / 1024} KiB.`, { exitCode: exitCodes.usage });
    return parseProjectConfig(await readFile(path, 'utf8'), { path, name });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Checks the text of a `ringfort.yaml`; `path` is how failures call it, `name` takes the place of the project's name in it. */
export function parseProjectConfig(text: string, options: ConfigOptions): ProjectConfig {
  const { path, name } = options;
  const { value, lineOf } = parseYaml(text, path);
  const isNamed = name !== undefined && typeof value === 'object' && value !== null;
  const parsed = ProjectConfig.safeParse(isNamed ? { ...value, name } : value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues
    .flatMap(describeConfigIssue)
    .map(({ place, message }) => `  ${path}:${lineOf(place)}  ${place.map(String).join('.')}: ${message}`);
  throw new Failure(`${path} is not a valid project configuration:\n${lines.join('\n')}`, {
    exitCode: exitCodes.usage,
  });
}

export type ConfigOptions = { readonly path: string; readonly name?: string | undefined };
