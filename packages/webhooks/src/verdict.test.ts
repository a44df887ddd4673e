import { describe, expect, it } from 'vitest';
import { retryDelayMs, retryScheduleMs } from './retry-schedule.ts';
import { verdictOn } from './verdict.ts';

const now = new Date('2026-01-31T12:00:00Z');
const answered = (status: number, retryAfter: string | null = null) =>
  verdictOn({ status, retryAfter, response: '' }, now);

describe('an answer', () => {
  it.each([200, 201, 204, 299])('%i: delivered', (status) => {
    expect(answered(status)).toEqual({ kind: 'delivered' });
  });

  it('410: the receiver wants nothing any more', () => {
    expect(answered(410)).toMatchObject({ kind: 'gone' });
  });

  it.each([199, 300, 301, 308, 400, 401, 404, 500, 502])('%i: failed', (status) => {
    expect(answered(status)).toMatchObject({ kind: 'failed', retryAfterMs: null });
  });

  it('a redirect says what to do about it', () => {
    expect(answered(302)).toMatchObject({
      error: expect.stringContaining('redirects are not followed') as string,
    });
  });

  it('429 and 503 may ask for a delay, in seconds or as a date; others may not', () => {
    expect(answered(429, '120')).toMatchObject({ retryAfterMs: 120_000 });
    expect(answered(503, 'Sat, 31 Jan 2026 12:01:00 GMT')).toMatchObject({ retryAfterMs: 60_000 });
    expect(answered(503, 'Sat, 31 Jan 2026 11:00:00 GMT')).toMatchObject({ retryAfterMs: 0 });
    expect(answered(503, 'soon')).toMatchObject({ retryAfterMs: null });
    expect(answered(500, '120')).toMatchObject({ retryAfterMs: null });
  });

  it('none: failed, with what was wrong', () => {
    expect(verdictOn({ status: null, error: 'no answer within 10 s' }, now)).toEqual({
      kind: 'failed',
      error: 'no answer within 10 s',
      retryAfterMs: null,
    });
  });
});

/** A delivery that always fails, on a clock of its own: when each attempt was made. */
function attemptsOf(random: () => number, retryAfterMs: number | null = null): number[] {
  const times = [0];
  for (;;) {
    const delay = retryDelayMs({ attempts: times.length, retryAfterMs, random });
    if (delay === null) return times;
    times.push((times.at(-1) ?? 0) + delay);
  }
}

describe('retries', () => {
  it('are made over about a day, each later than the one before, and then no more', () => {
    const times = attemptsOf(() => 0.5);
    const delays = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / 1_000));
    expect(delays).toEqual([5, 30, 120, 600, 1_800, 3_600, 10_800, 21_600, 43_200]);
    expect((times.at(-1) ?? 0) / 3_600_000).toBeCloseTo(22.7, 1);
  });

  it('are spread by a fifth to either side', () => {
    const [low, high] = [attemptsOf(() => 0), attemptsOf(() => 0.999_999)];
    for (const [index, planned] of retryScheduleMs.entries()) {
      const delayIn = (times: number[]) => (times[index + 1] ?? 0) - (times[index] ?? 0);
      expect(delayIn(low) / planned).toBeCloseTo(0.8, 3);
      expect(delayIn(high) / planned).toBeCloseTo(1.2, 3);
    }
  });

  it('wait as long as the receiver asks for, up to an hour, and never shorter than planned', () => {
    const ask = (attempts: number, retryAfterMs: number) =>
      retryDelayMs({ attempts, retryAfterMs, random: () => 0.5 });
    expect(ask(1, 90_000)).toBe(90_000);
    expect(ask(1, 365 * 86_400_000)).toBe(3_600_000);
    expect(ask(4, 1_000)).toBe(600_000);
  });
});
