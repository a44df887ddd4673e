import { sleep } from '@trunkline/service-kit';

const lookEveryMs = 10;

/** Waits for a fact about the world; fails with what is known when it does not come. */
export async function until(
  holds: () => Promise<boolean> | boolean,
  describe: () => Promise<string> | string = () => 'it never came true',
  timeoutMs = 15_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${await describe()}`);
    await sleep(lookEveryMs);
  }
}
