import { spawn } from 'node:child_process';

/** Asks the desktop to show a web address. Does nothing where there is no desktop; the caller has printed the address. */
export async function openInBrowser(address: string): Promise<void> {
  const url = URL.parse(address);
  // What other schemes would start is the desktop's choice, and the address is the platform's.
  if (url === null || !['https:', 'http:'].includes(url.protocol)) return;
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(program, [url.href], { detached: true, stdio: 'ignore' });
  await new Promise((resolve) => child.once('spawn', resolve).once('error', resolve));
  child.unref();
}
