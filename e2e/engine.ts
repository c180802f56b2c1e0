import { request } from 'node:http';

import { run } from './instance.ts';

export type Container = {
  readonly name: string;
  readonly pid: number;
  readonly labels: Readonly<Record<string, string>>;
};

/** The instance's containers that run, as the engine tells them. */
export async function listContainers(): Promise<readonly Container[]> {
  const listed = await ask('/v4.0.0/libpod/containers/json');
  if (!Array.isArray(listed)) throw new Error('The engine did not answer with a list');
  return listed.map(parseContainer);
}

function parseContainer(value: unknown): Container {
  const fields: Readonly<Record<string, unknown>> = { ...asObject(value) };
  const names = fields['Names'];
  const labels = Object.entries(asObject(fields['Labels'] ?? {})).map(([key, label]): [string, string] => [
    key,
    String(label),
  ]);
  return {
    name: Array.isArray(names) ? String(names[0]) : '',
    pid: Number(fields['Pid']),
    labels: Object.fromEntries(labels),
  };
}

function asObject(value: unknown): object {
  if (typeof value !== 'object' || value === null)
    throw new Error('The engine answered something that is not an object');
  return value;
}

function ask(path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: `${run}/engine/podman.sock`, path, timeout: 10_000 }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(JSON.parse(text)));
      response.on('error', reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('The engine does not answer')));
    outgoing.on('error', reject);
    outgoing.end();
  });
}
