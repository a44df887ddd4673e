import type { Heartbeat } from '../health/heartbeats.ts';
import type { Logger } from '../logs/create-logger.ts';
import { fullJitterDelay } from '../primitives/full-jitter-delay.ts';
import { sleep } from '../primitives/sleep.ts';

export interface RepeatOptions {
  readonly name: string;
  readonly everyMs: number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly beat?: Heartbeat | undefined;
}

const backoff = { baseMs: 200, capMs: 10_000 };

/** Does something again and again until the signal aborts. A failure is logged and only delays the next time. */
export async function repeat(work: () => Promise<void>, options: RepeatOptions): Promise<void> {
  const { name, everyMs, logger, signal, beat } = options;
  for (let failures = 0; !signal.aborted;) {
    try {
      await work();
      failures = 0;
    } catch (error) {
      failures += 1;
      if (!signal.aborted) logger.warn({ err: error, failures }, `${name} failed, trying again`);
    }
    beat?.();
    const extraMs = failures === 0 ? 0 : fullJitterDelay(failures - 1, { ...backoff, random: Math.random });
    await pause(everyMs + extraMs, signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
