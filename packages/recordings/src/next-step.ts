/** How a fetch went. */
export type FetchOutcome =
  | { readonly kind: 'stored' }
  /** The PBX could not be asked just now: its link is down, or it is busy. Says nothing of the recording. */
  | { readonly kind: 'later'; readonly problem: string }
  /** It was asked, and the sound did not come whole. */
  | { readonly kind: 'broken'; readonly problem: string }
  /** It says that it has no such recording; it may be about to write it. */
  | { readonly kind: 'missing'; readonly problem: string }
  /** Nothing will come of asking again. */
  | { readonly kind: 'hopeless'; readonly problem: string };

export type NextStep =
  | { readonly kind: 'retry'; readonly waitMs: number; readonly countsAttempt: boolean }
  | { readonly kind: 'give-up' };

export interface RetryTuning {
  /** The wait after each attempt; the last one for all further. */
  readonly waitsMs: readonly number[];
  readonly attemptsMax: number;
  /** A PBX that has no such file after so many questions will never have it. */
  readonly missingMax: number;
  /** How soon a PBX is asked again that could not be asked. */
  readonly laterMs: number;
}

const second = 1_000;
const minute = 60 * second;

/** A day and a half in all: a PBX that is mended the next morning still gives its recordings. */
export const retryTuning: RetryTuning = {
  waitsMs: [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, 120 * minute],
  attemptsMax: 20,
  missingMax: 5,
  laterMs: 30 * second,
};

export interface Deciding {
  /** This one included. */
  readonly attempts: number;
  /** From 0 to 1. */
  readonly random: number;
  readonly tuning: RetryTuning;
}

/** What becomes of a recording that was not stored. Waits are spread, so that a PBX that comes back is not asked for all at once. */
export function nextStep(
  outcome: Exclude<FetchOutcome, { kind: 'stored' }>,
  { attempts, random, tuning }: Deciding,
): NextStep {
  const spread = 0.75 + random / 2;
  if (outcome.kind === 'hopeless') return { kind: 'give-up' };
  if (outcome.kind === 'later')
    return { kind: 'retry', waitMs: Math.round(tuning.laterMs * spread), countsAttempt: false };
  const max = outcome.kind === 'missing' ? tuning.missingMax : tuning.attemptsMax;
  if (attempts >= max) return { kind: 'give-up' };
  const waitMs = tuning.waitsMs[Math.min(attempts, tuning.waitsMs.length) - 1] ?? minute;
  return { kind: 'retry', waitMs: Math.round(waitMs * spread), countsAttempt: true };
}
