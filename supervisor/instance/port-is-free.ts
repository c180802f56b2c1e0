import { createServer } from 'node:net';

/** Whether nothing listens on the TCP port, on any address of this host. Needs the right to bind it. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') return resolve(false);
      reject(error);
    });
    server.listen({ port, host: '::', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
