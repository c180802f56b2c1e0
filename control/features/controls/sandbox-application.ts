import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';

import { ProjectConfig } from '@ringfort/contracts/application-config.ts';
import { pack } from 'tar-stream';

/** The smallest application that answers, with a database that it declares. Break tests run it in their sandbox. */
export function sandboxConfig(name: string): ProjectConfig {
  return ProjectConfig.parse({
    name,
    applications: {
      web: { runtime: 'node@24', start: 'node server.js', memoryMiB: 128, relationships: { database: 'database' } },
    },
    services: { database: { type: 'mysql@11.8', diskMiB: 512, memoryMiB: 256 } },
  });
}

const server = `require('node:http').createServer((request, response) => response.end('ok')).listen(process.env.PORT);\n`;

/** Its source archive, as a stream of bytes. */
export function sandboxSource(): Readable {
  const archive = pack();
  archive.entry({ name: 'server.js', mode: 0o644, mtime: new Date(0) }, server);
  archive.finalize();
  return Readable.from(archive).pipe(createGzip());
}
