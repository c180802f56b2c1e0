import { addDomain } from './add-domain.ts';
import type { ResolveTxt } from './dns-txt.ts';
import { listDomains } from './list-domains.ts';
import type { OwnNames } from './refuse-own-names.ts';
import { removeDomain } from './remove-domain.ts';
import { verifyDomain } from './verify-domain.ts';

/** The handlers of domains; `own` are the names that nobody may claim. */
export function domainHandlers(own: OwnNames, resolveTxt: ResolveTxt) {
  return { addDomain: addDomain(own), verifyDomain: verifyDomain(resolveTxt), listDomains, removeDomain };
}
