import type { Environment } from '../environment/environment.ts';

const lookEveryMs = 5_000;
const jumpMs = 10_000;

/**
 * Notices that the machine slept, or that the page was frozen: time has passed and no timer rang. Where the monotonic
 * clock stands still during sleep, the wall clock tells. That one is also moved by hand now and then; a false alarm
 * costs one ping.
 */
export function watchForSleep(environment: Environment, onWake: () => void): () => void {
  let now = environment.now();
  let wall = environment.wallNow();
  let timer: unknown;

  function look(): void {
    const passed = Math.max(environment.now() - now, environment.wallNow() - wall);
    wait();
    if (passed > lookEveryMs + jumpMs) onWake();
  }

  function wait(): void {
    now = environment.now();
    wall = environment.wallNow();
    timer = environment.setTimer(look, lookEveryMs);
  }

  wait();
  return () => environment.clearTimer(timer);
}
