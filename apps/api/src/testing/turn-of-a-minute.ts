import { expect, vi } from 'vitest';

/** The windows of the limits are minutes of the clock. */
export async function notAtTheTurnOfAMinute(): Promise<void> {
  await vi.waitFor(() => expect(Date.now() % 60_000).toBeLessThan(45_000), {
    timeout: 20_000,
    interval: 200,
  });
}
