import { sleep } from '@trunkline/service-kit';

const lookEveryMs = 200;

/** Waits until something is so; what should have been so is said when it is not in time. */
export async function until(
  isSo: () => Promise<boolean>,
  what: () => string,
  withinMs: number,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`${what()} (waited ${withinMs} ms)`);
    await sleep(lookEveryMs);
  }
}
