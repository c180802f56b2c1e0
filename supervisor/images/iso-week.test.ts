import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isoWeek } from './iso-week.ts';

test('isoWeek() gives a day to the year that its Thursday lies in', () => {
  const weeks = {
    '2026-11-22T23:59:59Z': '2026-w47',
    '2026-11-23T00:00:00Z': '2026-w48',
    '2027-01-03T12:00:00Z': '2026-w53',
    '2027-01-04T00:00:00Z': '2027-w01',
    '2024-12-30T00:00:00Z': '2025-w01',
    '1970-01-01T00:00:00Z': '1970-w01',
  };
  for (const [day, week] of Object.entries(weeks)) assert.equal(isoWeek(Date.parse(day)), week, day);
});
