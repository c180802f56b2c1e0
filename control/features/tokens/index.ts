import { createToken } from './create-token.ts';
import { listTokens } from './list-tokens.ts';
import { readMe } from './read-me.ts';
import { revokeToken } from './revoke-token.ts';

/** The handlers of tokens and of who they belong to. */
export const tokenHandlers = { createToken, listTokens, revokeToken, readMe };
