import type { ConnectionSettings } from './settings.ts';

/** Nobody is that lucky twice: a delay by chance is never shorter. */
const shortestDelayMs = 100;

/**
 * How long to wait before an attempt, the first of which is 1. `chance` is in [0, 1).
 *
 * No delay is longer than `maxDelay`, and at that bound delays still differ: what chance adds is made room for below
 * the bound. Cutting off afterwards would bring everybody back at the same moment.
 */
export function retryDelay(attempt: number, chance: number, settings: ConnectionSettings): number {
  const { baseDelay, maxDelay, backoffMultiplier, fullJitter, jitterRange, jitterFactor } = settings;
  const full = Math.min(maxDelay, baseDelay * backoffMultiplier ** Math.min(attempt - 1, 64));
  const spread = fullJitter ? full : Math.min(jitterRange + jitterFactor * full, maxDelay);
  const least = fullJitter ? 0 : Math.min(full, maxDelay - spread);
  return Math.max(Math.min(shortestDelayMs, maxDelay), Math.round(least + chance * spread));
}
