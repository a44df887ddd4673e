import { monotonicNow } from '@trunkline/service-kit';
import type { Terminal } from './terminal.ts';

export interface Progress extends Disposable {
  at(done: number): void;
}

/** What is over sooner needs no bar, and faster than the eye needs no drawing. */
const quietMs = 1_000;
const drawEveryMs = 100;
const width = 30;

/** A bar for somebody who waits; elsewhere, nothing at all. */
export function openProgress(terminal: Terminal, what: string, total: number): Progress {
  const startedAt = monotonicNow();
  let drawnAt = startedAt + quietMs - drawEveryMs;
  let drawn = false;
  return {
    at(done) {
      const now = monotonicNow();
      if (!terminal.isInteractive || now - drawnAt < drawEveryMs) return;
      drawnAt = now;
      drawn = true;
      terminal.overwrite(`${what} ${bar(done, total)}`);
    },
    [Symbol.dispose]() {
      if (drawn) terminal.overwrite('');
    },
  };
}

/** More may be found on the way than was known at first. */
export function bar(done: number, total: number): string {
  const whole = Math.max(done, total, 1);
  const filled = Math.floor((done / whole) * width);
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${done} of ${whole}`;
}
