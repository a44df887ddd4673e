import type { Random } from '@trunkline/service-kit';

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** How long after each failed attempt the next one is made: about a day in all. After the last one it is given up. */
export const retryScheduleMs: readonly number[] = [
  5 * second,
  30 * second,
  2 * minute,
  10 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
];

/** Each delay is up to this share shorter or longer, so that what failed together does not return together. */
const jitter = 0.2;

/** A receiver may ask for a longer delay, but for no longer than this. */
export const retryAfterMsMax = hour;

export interface RetryQuestion {
  /** Attempts that were made, at least one. */
  readonly attempts: number;
  /** What the receiver asked for, if it did. */
  readonly retryAfterMs: number | null;
  readonly random: Random;
  readonly scheduleMs?: readonly number[];
}

/** How long to wait before the next attempt; null where there is none. */
export function retryDelayMs({
  attempts,
  retryAfterMs,
  random,
  scheduleMs = retryScheduleMs,
}: RetryQuestion): number | null {
  const planned = scheduleMs[attempts - 1];
  if (planned === undefined) return null;
  const jittered = planned * (1 - jitter + 2 * jitter * random());
  return Math.max(jittered, Math.min(retryAfterMs ?? 0, retryAfterMsMax));
}
