import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { assert, InvariantError } from './assert.ts';
import { assertNever } from './assert-never.ts';
import { fullJitterDelay } from './full-jitter-delay.ts';
import { sleep, SLEEP_MS_MAX } from './sleep.ts';
import { DeadlineError, withDeadline } from './with-deadline.ts';

describe('assert', () => {
  test('passes what holds and names the invariant that does not', () => {
    assert(true, 'never said');
    expect(() => assert(false, 'versions only grow')).toThrow(
      new InvariantError('Broken invariant: versions only grow'),
    );
  });
});

describe('assertNever', () => {
  test('names the kind and not the value, which may be private', () => {
    const slipped = { type: 'call', number: '+4915112345678' } as never;
    expect(() => assertNever(slipped, 'an event')).toThrow(
      'Broken invariant: an event of an unforeseen kind (type, number)',
    );
  });
});

describe('fullJitterDelay', () => {
  const options = fc.record({
    baseMs: fc.integer({ min: 1, max: 10_000 }),
    spanMs: fc.integer({ min: 0, max: 1_000_000 }),
    attempt: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(5_000)),
    dice: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });

  test('lies between nothing and the doubling ceiling, and never above the cap', () => {
    fc.assert(
      fc.property(options, ({ baseMs, spanMs, attempt, dice }) => {
        const capMs = baseMs + spanMs;
        const delay = fullJitterDelay(attempt, { baseMs, capMs, random: () => dice });
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(capMs, baseMs * 2 ** attempt));
      }),
    );
  });

  test('caps before the dice are thrown, so late clients are spread over the whole range', () => {
    const halfway = fullJitterDelay(20, { baseMs: 100, capMs: 1_000, random: () => 0.5 });
    expect(halfway).toBe(500);
  });

  test('refuses attempts that are not counted from 0', () => {
    expect(() => fullJitterDelay(-1, { baseMs: 1, capMs: 2, random: () => 0 })).toThrow(InvariantError);
  });
});

describe('waiting', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('sleep resolves after its time and leaves no listener behind', async () => {
    const { signal } = new AbortController();
    const slept = sleep(1_000, signal);
    await vi.advanceTimersByTimeAsync(999);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await expect(slept).resolves.toBeUndefined();
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('sleep rejects with the reason of an abort and leaves no timer behind', async () => {
    const abort = new AbortController();
    const slept = sleep(1_000, abort.signal);
    const reason = new Error('stopping');
    abort.abort(reason);
    await expect(slept).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('sleep rejects at once if the abort came before', async () => {
    await expect(sleep(1_000, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('sleep refuses what Node would turn into no wait at all', () => {
    expect(() => sleep(SLEEP_MS_MAX + 1)).toThrow(InvariantError);
  });

  test('withDeadline passes on what settles in time and leaves no timer behind', async () => {
    await expect(withDeadline(Promise.resolve(7), 100, 'counting')).resolves.toBe(7);
    await expect(withDeadline(Promise.reject(new Error('no')), 100, 'counting')).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('withDeadline names what did not finish', async () => {
    const late = withDeadline(new Promise(() => {}), 100, 'the snapshot of pbx 7');
    const [outcome] = await Promise.allSettled([late, vi.advanceTimersByTimeAsync(100)]);
    expect(outcome).toMatchObject({ reason: new DeadlineError('the snapshot of pbx 7', 100) });
  });
});
