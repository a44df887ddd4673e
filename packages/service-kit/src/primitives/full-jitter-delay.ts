import { assert } from './assert.ts';
import type { Random } from './clock.ts';

export interface BackoffOptions {
  /** The widest first delay. */
  readonly baseMs: number;
  /** No delay is longer, whatever the attempt. */
  readonly capMs: number;
  readonly random: Random;
}

/**
 * How long to wait before retry number `attempt`, counted from 0: anywhere between nothing and
 * `baseMs * 2 ** attempt`, which is capped before the dice are thrown. Clamping afterwards would gather
 * every late client at the cap and bring back the herd that jitter is there to spread.
 */
export function fullJitterDelay(attempt: number, { baseMs, capMs, random }: BackoffOptions): number {
  assert(Number.isInteger(attempt) && attempt >= 0, `attempts are counted from 0, got ${attempt}`);
  assert(baseMs > 0 && capMs >= baseMs, `0 < baseMs <= capMs, got ${baseMs} and ${capMs}`);
  return random() * Math.min(capMs, baseMs * 2 ** attempt);
}
