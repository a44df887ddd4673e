import { sleep } from '@trunkline/service-kit';

/**
 * So many a second, in small groups where timers are too coarse for single ones. What fell behind is not made up for in
 * one burst, because nobody commits like that.
 */
export async function pace(
  count: number,
  perSecond: number,
  publish: (number: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  for (let number = 0; number < count; number += 1) {
    const dueAt = startedAt + (number * 1000) / perSecond;
    const early = dueAt - performance.now();
    if (early > 1) await sleep(early);
    void publish(number);
  }
}
