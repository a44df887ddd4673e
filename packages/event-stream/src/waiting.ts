import { fullJitterDelay, sleep } from '@trunkline/service-kit';

/** Waits, or returns at once when the signal aborts: for loops that look at the signal themselves. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

export function fullJitter(attempt: number, baseMs: number, capMs: number): number {
  return fullJitterDelay(attempt, { baseMs, capMs, random: Math.random });
}
