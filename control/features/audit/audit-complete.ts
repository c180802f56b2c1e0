import { control, type ControlContext, type Finding, type WriteVerb } from '../controls/control.ts';

const verbs = ['insert', 'update', 'delete'] as const satisfies readonly WriteVerb[];
/** SQLSTATE of the wall itself; the other is that of a privilege which the role does not have at all. */
const wallState = 'RF001';
const privilegeState = '42501';

/** On every tenant table, every kind of write is tried as the runtime role without an audit event, every session setting forged. */
export const auditComplete = control({
  id: 'audit.complete',
  claim: 'Every change is in the audit log, or it does not happen',
  supports: ['ISO27001:A.8.15'],
  everyMs: 10 * 60_000,
  verify,
  breakIt: ({ injector }) => injector.dropAuditWall(),
});

async function verify({ database }: ControlContext): Promise<Finding> {
  const seenFrom = ['the runtime role of the database'];
  const tables = await database.listTenantTables();
  const written: string[] = [];
  const otherwise: string[] = [];
  /** Tables without a row to try it on; said apart, because looking at a trigger is less than trying. */
  const judgedByTrigger: string[] = [];
  const refused = new Set<string>();
  /** Where the wall itself answered, at least once: a missing privilege alone proves nothing. */
  const walled = new Set<string>();
  for (const table of tables)
    for (const verb of verbs) {
      const { outcome, code } = await database.writeUnaudited(table, verb);
      if (code === wallState) walled.add(table);
      if (outcome === 'guarded') judgedByTrigger.push(`${verb} ${table}`);
      if (outcome === 'written') written.push(`${verb} ${table}`);
      else if (code === wallState || code === privilegeState || outcome === 'guarded') refused.add(`${verb} ${table}`);
      else if (outcome === 'refused') otherwise.push(`${verb} ${table}: ${code}`);
    }
  const audited = await database.writeAudited();
  const wanted = tables.flatMap((table) => verbs.map((verb) => `${verb} ${table}`));
  const unproven = [...wanted.filter((write) => !refused.has(write)), ...tables.filter((table) => !walled.has(table))];
  const summary = `${refused.size} of ${wanted.length} kinds of write on ${tables.length} tables are refused without an audit event`;
  const evidence = {
    summary,
    refused: [...refused],
    judgedByTrigger,
    unproven,
    written,
    otherwise,
    auditedWriteGoesThrough: audited,
  };
  if (written.length > 0) return { state: 'fail', seenFrom, evidence };
  if (!audited || otherwise.length > 0 || unproven.length > 0 || tables.length === 0)
    return { state: 'unknown', seenFrom, evidence };
  return { state: 'pass', seenFrom, evidence };
}
