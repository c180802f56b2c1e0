const dayMs = 86_400_000;

/** The week of ISO 8601 in UTC, as `2026-w47`: it belongs to the year that its Thursday lies in. */
export function isoWeek(nowMs: number): string {
  const today = Math.floor(nowMs / dayMs);
  // Day 0 of the Unix epoch was a Thursday.
  const thursday = today - ((today + 3) % 7) + 3;
  const year = new Date(thursday * dayMs).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(year, 0, 1) / dayMs) / 7) + 1;
  return `${year}-w${String(week).padStart(2, '0')}`;
}
