import { z } from 'zod';

import type { BridgePair } from './environment-bridges.ts';
import { mustRun, runProgram } from './run-program.ts';

/**
 * Lifts the host's rules between pairs of bridges, and for nothing else: an accept in front of the agent's own forward rules (nftables) and
 * in front of the engine's isolation of networks (iptables). Both carry the mark, by which they are found and taken away again. May be
 * repeated.
 */
export async function openBetween(pairs: readonly BridgePair[], mark: string): Promise<void> {
  const [first] = pairs;
  if (first === undefined) return;
  await Promise.all([openTable(pairs, { mark, table: tableOf(first) }), openEngineChain(pairs, mark)]);
}

/** Takes away every rule whose mark begins so; also those of an injector that fell. */
export async function closeMarked(mark: string): Promise<void> {
  for (const table of await listTables()) await closeTable(table, mark);
  for (const rule of await listEngineRules(mark)) await mustRun('iptables', ['-w', '-D', 'FORWARD', ...rule]);
}

/** What all marks of an instance begin with. Only characters that iptables shows without quotes. */
export function markOf(instance: string, leaseId = ''): string {
  return `ringfort-injection-${instance}-${leaseId}`;
}

/** The agent's chain for packets that come from the instance's own interfaces. */
const chain = 'forward_from_ours';

type Opening = { readonly mark: string; readonly table: string };

/** All bridges of an instance are ruled by one table. */
function tableOf({ from }: BridgePair): string {
  return `ringfort_${from.replace(/\d+$/, '').replaceAll(/[^a-z0-9]/g, '')}`;
}

async function openTable(pairs: readonly BridgePair[], { mark, table }: Opening): Promise<void> {
  const there = new Set((await listRules(table)).map(({ comment }) => comment));
  for (const { from, to } of pairs) {
    const comment = `${mark}-${from}-${to}`;
    if (there.has(comment)) continue;
    const rule = ['iifname', `"${from}"`, 'oifname', `"${to}"`, 'accept', 'comment', `"${comment}"`];
    await mustRun('nft', ['insert', 'rule', 'inet', table, chain, ...rule]);
  }
}

/** The agent may load its table anew meanwhile, which takes the rules away as well and gives others their numbers. */
async function closeTable(table: string, mark: string): Promise<void> {
  for (;;) {
    const rule = (await listRules(table)).find(({ comment }) => comment.startsWith(mark));
    if (rule === undefined) return;
    const deleted = await runProgram('nft', ['delete', 'rule', 'inet', table, chain, 'handle', String(rule.handle)]);
    if (deleted.code !== 0 && !/No such file/.test(deleted.stderr)) throw new Error(`nft ended with ${deleted.code}`);
  }
}

async function openEngineChain(pairs: readonly BridgePair[], mark: string): Promise<void> {
  const there = new Set((await listEngineRules(mark)).map((rule) => rule.join(' ')));
  for (const { from, to } of pairs) {
    const rule = ['-i', from, '-o', to, '-m', 'comment', '--comment', mark, '-j', 'ACCEPT'];
    if (!there.has(rule.join(' '))) await mustRun('iptables', ['-w', '-I', 'FORWARD', '1', ...rule]);
  }
}

/** The marked rules of the engine's chain, as arguments. */
async function listEngineRules(mark: string): Promise<readonly (readonly string[])[]> {
  const saved = await mustRun('iptables', ['-w', '-S', 'FORWARD']);
  const marked = saved.split('\n').filter((line) => isMarked(line, mark));
  return marked.map((line) => line.split(' ').slice(2));
}

function isMarked(line: string, mark: string): boolean {
  const comment = /^-A FORWARD .*--comment ([\w-]+) /.exec(line)?.[1];
  return comment?.startsWith(mark) === true;
}

async function listTables(): Promise<readonly string[]> {
  const { nftables } = Listing.parse(JSON.parse(await mustRun('nft', ['--json', 'list', 'tables'])));
  const tables = nftables.flatMap(({ table }) => (table?.family === 'inet' ? [table.name] : []));
  return tables.filter((name) => /^ringfort_[a-z][a-z0-9]+$/.test(name));
}

/** Rules of the agent's chain that have a comment; none when there is no such chain (yet). */
async function listRules(table: string): Promise<readonly Rule[]> {
  const shown = await runProgram('nft', ['--json', '--handle', 'list', 'chain', 'inet', table, chain]);
  if (shown.code !== 0) return [];
  const { nftables } = Listing.parse(JSON.parse(shown.stdout));
  return nftables.flatMap(({ rule }) =>
    rule?.comment === undefined ? [] : [{ handle: rule.handle, comment: rule.comment }],
  );
}

type Rule = { readonly handle: number; readonly comment: string };

const Listing = z.object({
  nftables: z.array(
    z.object({
      table: z.object({ family: z.string(), name: z.string() }).optional(),
      rule: z.object({ handle: z.number().int(), comment: z.string().optional() }).optional(),
    }),
  ),
});
