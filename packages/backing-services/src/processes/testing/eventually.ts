import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until it holds; a test that waits in vain fails with what it waited for. */
export async function eventually(what: string, holds: () => boolean, withinMs = 5_000): Promise<number> {
  const startedAt = performance.now();
  while (!holds()) {
    if (performance.now() - startedAt > withinMs) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await sleep(10);
  }
  return performance.now() - startedAt;
}
