import { z } from 'zod';

import { route } from '../route.ts';
import { NoBody, NoQuery } from './page.ts';

export const ControlState = z.enum(['pass', 'fail', 'unknown', 'stale', 'excepted']);
export type ControlState = z.infer<typeof ControlState>;

/** The newest result of a control. `evidence` is for machines and people who check; it names what was tried and what answered. */
export const ControlResult = z.object({
  id: z.string(),
  state: ControlState,
  /** The places that were looked from. */
  seenFrom: z.array(z.string()),
  checkedAt: z.iso.datetime().nullable(),
  durationMs: z.number().nullable(),
  evidence: z.json(),
});
export type ControlResult = z.infer<typeof ControlResult>;

export const Control = ControlResult.extend({
  claim: z.string(),
  supports: z.array(z.string()),
  everyMs: z.number().int(),
  /** When a break test last saw it turn red and green again. */
  provenAbleToFailAt: z.iso.datetime().nullable(),
});
export type Control = z.infer<typeof Control>;

export const listControls = route({
  name: 'control.list',
  method: 'GET',
  path: '/v1/controls',
  summary: 'List the controls with their newest results',
  needs: 'control:read',
  params: z.strictObject({}),
  query: NoQuery,
  body: NoBody,
  output: z.object({ items: z.array(Control) }),
  status: 200,
  transport: 'json',
});

/** `break` answers with a step for each control: green before, red while broken, green after. */
export const ControlRunEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), id: z.string(), message: z.string() }),
  z.object({
    type: z.literal('result'),
    phase: z.enum(['verify', 'before', 'broken', 'healed']),
    result: ControlResult,
  }),
  z.object({ type: z.literal('proof'), id: z.string(), ableToFail: z.boolean(), message: z.string() }),
]);
export type ControlRunEvent = z.infer<typeof ControlRunEvent>;

export const runControls = route({
  name: 'control.run',
  method: 'POST',
  path: '/v1/control-runs',
  summary: 'Run controls now, or break-test them in a throw-away workspace, and follow it',
  needs: 'control:run',
  params: z.strictObject({}),
  query: NoQuery,
  body: z.strictObject({
    ids: z.array(z.string().max(80)).max(200).default([]),
    mode: z.enum(['verify', 'break']).default('verify'),
  }),
  output: ControlRunEvent,
  status: 200,
  transport: 'ndjson-out',
});
