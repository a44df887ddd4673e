import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;

/** Waits for a fact about the world; fails with what is known when it does not come. */
export async function until(
  holds: () => Promise<boolean> | boolean,
  timeoutMs = 10_000,
  describe: () => Promise<string> | string = () => 'it never came true',
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${await describe()}`);
    await sleep(LOOK_EVERY_MS);
  }
}
