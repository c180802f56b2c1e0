import { readFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';

import { home, httpsPort } from './instance.ts';

export type Page = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
};

export type BrowseOptions = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs?: number;
};

const timeoutMsDefault = 10_000;

/** Asks an application at its public address, checking its certificate against the instance's authority. */
export function browse(hostname: string, path: string, options: BrowseOptions = {}): Promise<Page> {
  const requestOptions: RequestOptions = {
    host: '127.0.0.1',
    port: httpsPort(),
    servername: hostname,
    path,
    method: options.method ?? 'GET',
    headers: { host: `${hostname}:${httpsPort()}`, ...options.headers },
    ca: readFileSync(`${home}/authority.pem`),
    timeout: options.timeoutMs ?? timeoutMsDefault,
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(requestOptions, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`No answer from ${hostname}${path}`)));
    outgoing.on('error', reject);
    outgoing.end(options.body);
  });
}
