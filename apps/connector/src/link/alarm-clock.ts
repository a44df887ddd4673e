import type { MonotonicNow } from '@trunkline/service-kit';

const timerMsMax = 2 ** 31 - 1;

/** Wakes once, at the time that was asked for last or a little before: whoever is woken compares times and asks again. */
export class AlarmClock {
  readonly #now: MonotonicNow;
  readonly #wake: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(now: MonotonicNow, wake: () => void) {
    this.#now = now;
    this.#wake = wake;
  }

  wakeAt(at: number): void {
    this.stop();
    const delayMs = Math.min(Math.max(0, at - this.#now()), timerMsMax);
    this.#timer = setTimeout(this.#wake, Math.ceil(delayMs));
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
