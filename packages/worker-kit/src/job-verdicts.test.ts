import { DelayedError, UnrecoverableError, WaitingChildrenError, WaitingError } from 'bullmq';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, isVerdict, RetryAfterError } from './job-verdicts.ts';

describe('the wait before a job is tried again', () => {
  it('is what a refusal asked for, whatever the attempt', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(1e9), (attempts, waitMs) => {
        expect(backoffMs(attempts, new RetryAfterError('busy', waitMs))).toBe(waitMs);
      }),
    );
  });

  it('grows with each disturbance up to a minute', () => {
    fc.assert(
      fc.property(fc.nat(1_000), (attempts) => {
        const [now, next] = [backoffMs(attempts, new Error('away')), backoffMs(attempts + 1, undefined)];
        expect(next).toBeGreaterThanOrEqual(now);
        expect(next).toBeLessThanOrEqual(60_000);
      }),
    );
    expect(backoffMs(1, new Error('away'))).toBe(4_000);
  });
});

it('tells what becomes of a job from what only disturbs it', () => {
  const verdicts = [
    new RetryAfterError('busy', 1),
    new UnrecoverableError('no'),
    new DelayedError(),
    new WaitingError(),
    new WaitingChildrenError(),
  ];
  expect(verdicts.map(isVerdict)).toEqual(verdicts.map(() => true));
  expect([new Error('away'), 'text', undefined].map(isVerdict)).toEqual([false, false, false]);
});
