import type { z } from 'zod';

export type ConfigIssue = { readonly place: readonly PropertyKey[]; readonly message: string };

/** Says in words what is wrong with a configuration, one entry for each wrong place. */
export function describeConfigIssue(issue: z.core.$ZodIssue): readonly ConfigIssue[] {
  const place = issue.path;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ place: [...place, key], message: 'There is no such setting' }));
    case 'invalid_key':
      return [{ place, message: `The name is not allowed. ${nameForm}` }];
    case 'invalid_type':
      return [{ place, message: issue.message.endsWith('received undefined') ? 'Is missing' : typeMessage(issue) }];
    case 'invalid_value':
      return [{ place, message: `Must be one of ${issue.values.map(String).join(', ')}` }];
    case 'invalid_format':
      return [{ place, message: isName(place) ? nameForm : issue.message }];
    case 'invalid_union':
    case 'invalid_element':
    case 'too_big':
    case 'too_small':
    case 'not_multiple_of':
    case 'custom':
      return [{ place, message: issue.message }];
    default:
      return issue satisfies never;
  }
}

/** What is wrong with a name, in words. */
export const nameForm = 'Names have lower-case letters, digits and single hyphens, and begin with a letter';

function isName(place: readonly PropertyKey[]): boolean {
  return place.length === 1 && place[0] === 'name';
}

function typeMessage(issue: z.core.$ZodIssueInvalidType): string {
  const kind =
    issue.expected === 'record' || issue.expected === 'object' ? 'a set of named settings' : `a ${issue.expected}`;
  return `Must be ${kind}`;
}
