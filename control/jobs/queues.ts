/**
 * The queues of nudges. A nudge says “look at this one again” and carries its id only; each id waits at most once and is worked
 * on at most once at a time, however many controls run. They are made by the migration.
 */
export const queueNames = ['environments', 'deployments', 'edge-snapshots', 'sources', 'housekeeping'] as const;
export type QueueName = (typeof queueNames)[number];
