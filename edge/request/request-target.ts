import { parseHost } from './host-header.ts';

/** The request target (RFC 9112 §3.2) as origin form, cut at the question mark. `query` has no question mark. */
export type RequestTarget = { readonly path: string; readonly query: string; readonly originForm: string };

/**
 * Takes the origin form and the absolute form, whose authority must be the `Host`'s; undefined for everything else: the
 * asterisk and authority forms, other schemes, a fragment, user information.
 */
export function parseTarget(target: string, hostname: string): RequestTarget | undefined {
  if (target.includes('#')) return undefined;
  const originForm = target.startsWith('/') ? target : originOfAbsolute(target, hostname);
  if (originForm === undefined) return undefined;
  const mark = originForm.indexOf('?');
  if (mark === -1) return { path: originForm, query: '', originForm };
  return { path: originForm.slice(0, mark), query: originForm.slice(mark + 1), originForm };
}

const absoluteForm = /^https?:\/\/([^/?#]+)(.*)$/i;

function originOfAbsolute(target: string, hostname: string): string | undefined {
  const [, authority, rest] = absoluteForm.exec(target) ?? [];
  if (authority === undefined || rest === undefined || parseHost(authority) !== hostname) return undefined;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
