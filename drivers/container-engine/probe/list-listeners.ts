import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

import type { Listener, ProbeAnswer } from '@ringfort/contracts/probe.ts';

/** All sockets that listen in this network namespace, as the kernel lists them, and the namespace's addresses. */
export function listListeners(): Extract<ProbeAnswer, { readonly action: 'listeners' }> {
  const tables = [
    { file: 'tcp', protocol: 'tcp', state: '0A' },
    { file: 'tcp6', protocol: 'tcp', state: '0A' },
    { file: 'udp', protocol: 'udp', state: '07' },
    { file: 'udp6', protocol: 'udp', state: '07' },
  ] as const;
  const listeners = tables.flatMap(({ file, protocol, state }) => parseTable(readTable(file), { protocol, state }));
  const addresses = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? []).map(({ address }) => ({ interface: name, address })),
  );
  return { action: 'listeners', listeners, addresses };
}

/**
 * Lines of /proc/net/tcp and its siblings (proc(5)): number, local address and port in hexadecimal, remote, state. 0A is a listening
 * TCP socket, 07 an unconnected UDP socket.
 */
export function parseTable(
  text: string,
  { protocol, state }: { readonly protocol: Listener['protocol']; readonly state: string },
): readonly Listener[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , found] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      return found === state ? [{ protocol, address: parseAddress(address), port: Number.parseInt(port, 16) }] : [];
    });
}

/** The kernel prints each word of 32 bits in the machine's byte order, which is little-endian on all machines that are supported. */
function parseAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  for (let word = 0; word < bytes.length; word += 4) bytes.subarray(word, word + 4).reverse();
  if (bytes.length === 4) return bytes.join('.');
  return Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(':');
}

/** A kernel without IPv6 has no tables of it. */
function readTable(file: string): string {
  try {
    return readFileSync(`/proc/self/net/${file}`, 'utf8');
  } catch {
    return '';
  }
}
