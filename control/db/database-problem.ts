import { DatabaseError } from 'pg';

import { Problem } from '@ringfort/contracts/problem.ts';

/**
 * SQLSTATE codes (PostgreSQL, appendix A) that say the server is away, starting, stopping, out of something, or that it did not get
 * to the statement in time: a lock or the statement timed out, or it was chosen to end a deadlock.
 */
const unavailableStates = /^(?:08|53|57P|57014|55P03|40P01)/u;
const unavailableCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EACCES', 'ENOTFOUND']);
const unavailableMessages =
  /timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error/u;

/** The Problem `database-unavailable` for an error that says so; any other error as it is. */
export function translateDatabaseError(error: unknown): unknown {
  if (!isUnavailable(error)) return error;
  return new Problem(
    'database-unavailable',
    'The database does not answer. Applications keep running; try again shortly.',
    {
      cause: error,
    },
  );
}

/** Whether the error is the violation of that constraint or unique index. */
export function violates(error: unknown, constraint: string): boolean {
  return error instanceof DatabaseError && error.constraint === constraint;
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof DatabaseError) return unavailableStates.test(error.code ?? '');
  if ('code' in error && typeof error.code === 'string' && unavailableCodes.has(error.code)) return true;
  return unavailableMessages.test(error.message);
}
