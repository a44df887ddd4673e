import { assert } from './assert.ts';

export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** Node fires a longer timer at once, which would turn a long wait into a busy loop. */
export const SLEEP_MS_MAX = 2 ** 31 - 1;

/** Waits, or rejects with the signal's reason as soon as it aborts. Leaves neither timer nor listener behind. */
export const sleep: Sleep = (ms, signal) => {
  assert(ms >= 0 && ms <= SLEEP_MS_MAX, `a sleep lasts between 0 and ${SLEEP_MS_MAX} ms, got ${ms}`);
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      if (signal !== undefined) reject(reasonOf(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
};

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason });
}
