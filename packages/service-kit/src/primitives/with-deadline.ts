import { assert } from './assert.ts';
import { SLEEP_MS_MAX } from './sleep.ts';

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly what: string;
  readonly afterMs: number;

  constructor(what: string, afterMs: number) {
    super(`${what} did not finish within ${afterMs} ms`);
    this.what = what;
    this.afterMs = afterMs;
  }
}

/**
 * Settles as the promise does, or rejects with a DeadlineError that names what was awaited.
 *
 * The work itself is not stopped (a promise cannot be): whoever owns it must also end it. A rejection that comes
 * after the deadline is swallowed here, so a late failure never becomes an unhandled rejection.
 */
export async function withDeadline<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  assert(ms >= 0 && ms <= SLEEP_MS_MAX, `a deadline lies between 0 and ${SLEEP_MS_MAX} ms, got ${ms}`);
  const { promise: expired, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DeadlineError(what, ms)), ms);
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}
