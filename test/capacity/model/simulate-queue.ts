import type { Random } from '../../support/random.ts';

/** One who serves what waits, a batch at a time, in the order in which it came. */
export interface QueuePlan {
  /** When each comes, in seconds, in order. */
  readonly arrivals: readonly number[];
  /** How long a batch of so many takes. */
  readonly serviceOf: (count: number) => number;
  readonly batchMax: number;
}

export interface QueueReport {
  /** From coming until the batch is done, of each. */
  readonly meanSeconds: number;
  readonly p50Seconds: number;
  readonly p99Seconds: number;
  /** The share of the time until the last is done in which it was busy. */
  readonly busy: number;
  readonly doneAt: number;
  readonly batches: number;
}

/** Never idle while anybody waits; a batch takes all who wait, up to its bound. */
export function simulateQueue({ arrivals, serviceOf, batchMax }: QueuePlan): QueueReport {
  if (arrivals.length === 0) throw new RangeError('a queue to which nobody comes says nothing');
  const waits: number[] = [];
  let [next, now, busy, batches] = [0, 0, 0, 0];
  while (next < arrivals.length) {
    now = Math.max(now, arrivals[next] ?? now);
    let end = next;
    while (end < arrivals.length && end - next < batchMax && (arrivals[end] ?? Infinity) <= now) end += 1;
    const service = serviceOf(end - next);
    now += service;
    busy += service;
    batches += 1;
    for (; next < end; next += 1) waits.push(now - (arrivals[next] ?? now));
  }
  const sorted = waits.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    meanSeconds: waits.reduce((sum, wait) => sum + wait, 0) / waits.length,
    p50Seconds: at(0.5),
    p99Seconds: at(0.99),
    busy: busy / now,
    doneAt: now,
    batches,
  };
}

/** So many that come by chance at a rate: none knows of the others. */
export function poisson(count: number, perSecond: number, random: Random): number[] {
  let now = 0;
  return Array.from({ length: count }, () => (now += -Math.log(1 - random.next()) / perSecond));
}

/** So many, each at a moment by chance within a window, as clients that are asked to spread. */
export const spread = (count: number, seconds: number, random: Random): number[] =>
  Array.from({ length: count }, () => random.next() * seconds).toSorted((one, other) => one - other);
