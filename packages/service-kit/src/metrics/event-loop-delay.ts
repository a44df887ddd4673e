import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;
const WINDOW_MS = 10_000;

export interface EventLoopDelay {
  /** The 99th percentile of the last 10 to 20 seconds, in seconds. */
  p99Seconds(): number;
  stop(): void;
}

/**
 * Measures how late timers fire. Lease renewals share the loop with the work, so this tells whether they are at risk.
 *
 * A percentile since the start would hide a new stall behind a quiet day, and resetting at each scrape would
 * let two scrapers halve each other's view. So there are two windows: the running one and the last complete one.
 */
export function measureEventLoopDelay(): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let lastWindowSeconds = 0;

  const turn = setInterval(() => {
    lastWindowSeconds = p99InSeconds(histogram.percentile(99), histogram.count);
    histogram.reset();
  }, WINDOW_MS);
  turn.unref();

  return {
    p99Seconds: () => Math.max(lastWindowSeconds, p99InSeconds(histogram.percentile(99), histogram.count)),
    stop() {
      clearInterval(turn);
      histogram.disable();
    },
  };
}

/** Node records the time between two turns of its timer; what exceeds the timer's own period is the delay. */
function p99InSeconds(nanoseconds: number, samples: number): number {
  return samples === 0 ? 0 : Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) / 1_000;
}
