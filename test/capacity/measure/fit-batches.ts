/** Of a group at a rate: batches and entries a second, and how many seconds of each second batches took. */
export interface Batches {
  readonly batchesPerSecond: number;
  readonly eventsPerSecond: number;
  readonly batchSecondsPerSecond: number;
}

export interface BatchCost {
  readonly fixedMs: number;
  readonly eachMs: number;
}

/**
 * What a batch takes by being one, and what each event adds, by least squares through nothing. Where the steps do not tell the
 * two apart, as when every batch holds one event, everything is counted as the batch's: with more in a batch it only gets faster.
 */
export function fitBatches(steps: readonly Batches[]): BatchCost {
  const total = (of: (step: Batches) => number): number => steps.reduce((sum, step) => sum + of(step), 0);
  const bb = total(({ batchesPerSecond: batches }) => batches ** 2);
  const be = total(({ batchesPerSecond, eventsPerSecond }) => batchesPerSecond * eventsPerSecond);
  const ee = total(({ eventsPerSecond: events }) => events ** 2);
  const bs = total(({ batchesPerSecond, batchSecondsPerSecond }) => batchesPerSecond * batchSecondsPerSecond);
  const es = total(({ eventsPerSecond, batchSecondsPerSecond }) => eventsPerSecond * batchSecondsPerSecond);
  if (bb === 0) throw new RangeError('there were no batches');
  const determinant = bb * ee - be * be;
  const fixed = (bs * ee - es * be) / determinant;
  const each = (es * bb - bs * be) / determinant;
  const areTold = determinant > bb * ee * 1e-6 && fixed >= 0 && each >= 0;
  return areTold
    ? { fixedMs: fixed * 1_000, eachMs: each * 1_000 }
    : { fixedMs: (bs / bb) * 1_000, eachMs: 0 };
}
