import { assert } from '../primitives/assert.ts';
import type { MonotonicNow } from '../primitives/clock.ts';

/** Called by a loop at each turn, also at an idle one. */
export interface Heartbeat {
  (): void;
  /** The loop has ended on purpose; its silence means nothing any more. */
  end(): void;
}

export interface LoopReport {
  readonly loop: string;
  readonly ok: boolean;
  readonly silentMs: number;
  readonly silenceMsMax: number;
}

export interface Heartbeats {
  register(loop: string, silenceMsMax: number): Heartbeat;
  report(): readonly LoopReport[];
}

/** Remembers when each loop last turned. A loop counts from its registration, so one that never starts is seen too. */
export function createHeartbeats(now: MonotonicNow): Heartbeats {
  const loops = new Map<string, { lastAt: number; readonly silenceMsMax: number }>();
  return {
    register(loop, silenceMsMax) {
      assert(!loops.has(loop), `each loop has a name of its own, got "${loop}" twice`);
      assert(silenceMsMax > 0, `a loop may be silent for some time, got ${silenceMsMax} ms`);
      const heart = { lastAt: now(), silenceMsMax };
      loops.set(loop, heart);
      const beat = (): void => {
        heart.lastAt = now();
      };
      return Object.assign(beat, { end: () => void loops.delete(loop) });
    },
    report: () =>
      [...loops].map(([loop, { lastAt, silenceMsMax }]) => {
        const silentMs = Math.round(now() - lastAt);
        return { loop, ok: silentMs <= silenceMsMax, silentMs, silenceMsMax };
      }),
  };
}
