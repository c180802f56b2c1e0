import { Problem } from '@ringfort/contracts/problem.ts';

import type { Actor } from '../access/actor.ts';
import { authenticate } from '../access/authenticate.ts';
import type { Database } from '../db/database.ts';

/** Who sends a request. `recheck` asks the database again, for answers that take long: undefined once the token is no good. */
export type Session = { readonly actor: Actor; readonly recheck: () => Promise<Actor | undefined> };

/** Opens the session of an `Authorization` header (RFC 6750 §2.1). Throws the Problems `token-missing` and `token-invalid`. */
export async function openSession(database: Database, authorization: string | undefined): Promise<Session> {
  const text = /^bearer +(\S+)$/iu.exec(authorization ?? '')?.[1];
  if (text === undefined) throw new Problem('token-missing', 'Send “Authorization: Bearer <token>” with the request.');
  const actor = await authenticate(database, text);
  return { actor, recheck: () => authenticate(database, text).catch(translateInvalid) };
}

function translateInvalid(error: unknown): undefined {
  if (error instanceof Problem && error.code === 'token-invalid') return undefined;
  throw error;
}
