import { createHash } from 'node:crypto';

import { Problem } from '@ringfort/contracts/problem.ts';

import type { Database } from '../db/database.ts';
import type { Actor } from './actor.ts';
import { findActor } from './store.ts';

const tokenForm = /^rf_[A-Za-z0-9_-]{43}$/u;

/** A new token's text: 256 random bits behind a prefix that secret scanners can look for. */
export function createTokenText(random: (sizeBytes: number) => Uint8Array): string {
  return `rf_${Buffer.from(random(32)).toString('base64url')}`;
}

/** What is stored of a token. With 256 random bits a fast digest is enough, and looking one up tells nothing by its time. */
export function digestToken(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The actor of a token's text. Throws the Problem `token-invalid` for unknown, expired and revoked ones alike. */
export async function authenticate(database: Database, text: string): Promise<Actor> {
  const actor = tokenForm.test(text) ? await findActor(database, digestToken(text)) : undefined;
  if (actor === undefined) throw new Problem('token-invalid', 'The token is unknown, expired or revoked.');
  return actor;
}
