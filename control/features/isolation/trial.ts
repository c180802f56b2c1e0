import type { Place, ProbeAttempt, ProbeOutcome } from '@ringfort/contracts/probe.ts';

import type { Finding, Probe } from '../controls/control.ts';

/** One attempt with what is promised of it. `answerHolds` is the nonce or greeting that tells the right process from any other. */
export type Trial = {
  readonly from: NamedPlace;
  readonly attempt: ProbeAttempt;
  /** For people: `guestbook-production/database`. */
  readonly to: string;
  readonly promised: 'silence' | { readonly answerHolds: string };
};

export type NamedPlace = { readonly label: string; readonly place: Place };
export type TrialResult = { readonly trial: Trial; readonly outcome: ProbeOutcome; readonly kept: boolean };

const attemptsAtOnceMax = 128;
const samplesMax = 8;

/** Carries trials out, all of one place together, and says of each whether it went as promised. */
export async function runTrials(
  trials: readonly Trial[],
  probe: Pick<Probe, 'attempt'>,
): Promise<readonly TrialResult[]> {
  const results: TrialResult[] = [];
  for (const group of groupByPlace(trials)) {
    const [first] = group;
    if (first === undefined) continue;
    const attempts = group.map((trial) => trial.attempt);
    const outcomes = await probe.attempt(first.from.place, attempts);
    if (outcomes.length !== group.length) throw new Error('The prober answered fewer attempts than were asked');
    for (const [index, outcome] of outcomes.entries()) {
      const trial = group[index];
      if (trial !== undefined) results.push({ trial, outcome, kept: isKept(trial, outcome) });
    }
  }
  return results;
}

/**
 * The finding: something reached that should be silent fails it; a positive twin without its answer makes it unknown, because then
 * silence proves nothing; both kinds have to be there.
 */
export function judgeTrials(results: readonly TrialResult[]): Finding {
  const seenFrom = [...new Set(results.map((result) => result.trial.from.label))].toSorted();
  const negative = results.filter((result) => result.trial.promised === 'silence');
  const positive = results.filter((result) => result.trial.promised !== 'silence');
  const reached = negative.filter((result) => !result.kept).map(describe);
  const unanswered = positive.filter((result) => !result.kept).map(describe);
  const summary = summarize({ tried: negative.length, reached: reached.length, silentTwins: unanswered.length });
  const evidence = {
    summary,
    tried: negative.length,
    twins: positive.length,
    reached,
    unanswered,
    samples: negative.slice(0, samplesMax).map(describe),
  };
  if (reached.length > 0) return { state: 'fail', seenFrom, evidence };
  if (unanswered.length > 0 || negative.length === 0 || positive.length === 0)
    return { state: 'unknown', seenFrom, evidence };
  return { state: 'pass', seenFrom, evidence };
}

function summarize(counts: { readonly tried: number; readonly reached: number; readonly silentTwins: number }): string {
  const { tried, reached, silentTwins } = counts;
  if (reached > 0) return `${reached} of ${tried} attempts were answered`;
  if (tried === 0) return 'There was nothing to try';
  if (silentTwins > 0)
    return `${silentTwins} attempts that have to be answered were not, so the silence of others proves nothing`;
  return `${tried} attempts stayed without an answer`;
}

/** A refusal is an answer as well: something there took the packet. */
function isKept(trial: Trial, outcome: ProbeOutcome): boolean {
  if (trial.promised === 'silence') return outcome.outcome === 'timeout' || outcome.outcome === 'unreachable';
  return Buffer.from(outcome.answer, 'base64').toString('latin1').includes(trial.promised.answerHolds);
}

function groupByPlace(trials: readonly Trial[]): readonly (readonly Trial[])[] {
  const byPlace = Map.groupBy(trials, (trial) => JSON.stringify(trial.from.place));
  return [...byPlace.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / attemptsAtOnceMax) }, (_, index) =>
      group.slice(index * attemptsAtOnceMax, (index + 1) * attemptsAtOnceMax),
    ),
  );
}

function describe({ trial, outcome }: TrialResult): string {
  const { attempt } = trial;
  const where =
    attempt.protocol === 'dns'
      ? `name ${attempt.name} of ${attempt.server ?? 'its resolver'}`
      : attempt.protocol === 'icmp'
        ? `icmp ${attempt.address}`
        : `${attempt.protocol} ${attempt.address} port ${attempt.port}`;
  return `${trial.from.label} → ${trial.to}: ${where}: ${outcome.outcome}`;
}
