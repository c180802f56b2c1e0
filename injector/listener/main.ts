import { createServer } from 'node:net';

// node injector/listener/main.ts <port>: answers each connection, until its standard input closes. It is started inside a workload's network
// namespace, without any right, and its parent holds the other end: when the injector falls, the listener ends with it.
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.end('ringfort-injection\n');
});
server.once('error', () => process.exit(1));
server.listen({ host: '0.0.0.0', port: Number(process.argv[2]) }, () => process.stdout.write('listening\n'));
process.stdin.on('end', () => process.exit(0)).resume();
