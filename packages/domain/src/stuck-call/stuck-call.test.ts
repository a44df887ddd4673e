import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant } from '../instant.ts';
import {
  decideByTimeAlone,
  decideDoubleBooked,
  decideStuckCall,
  defaultStuckCallLimits as limits,
  suspect,
  type Liveness,
  type ObservedCall,
} from './stuck-call.ts';

const minutes = (count: number): Instant => (count * 60_000) as Instant;
const answered: ObservedCall = { status: 'connected', startedAt: minutes(0), answeredAt: minutes(1) };
const unanswered: ObservedCall = { status: 'ringing', startedAt: minutes(0) };

describe('whom the sweep suspects', () => {
  it('[STUCK1] a call that was answered longer ago than the limit', () => {
    expect(suspect(answered, minutes(31), limits)).toBeUndefined();
    expect(suspect(answered, (minutes(31) + 1) as Instant, limits)).toBe('answered_too_long');
  });

  it('[STUCK1] a call that rings for ever', () => {
    expect(suspect(unanswered, minutes(31), limits)).toBe('unanswered_too_long');
  });

  it('[STUCK1] never a call that has ended, and not one that was found alive lately', () => {
    expect(suspect({ ...answered, status: 'ended' }, minutes(500), limits)).toBeUndefined();
    expect(suspect({ ...answered, verifiedAt: minutes(490) }, minutes(500), limits)).toBeUndefined();
  });
});

describe('what becomes of a suspect', () => {
  const decide = (liveness: Liveness, now: number) =>
    decideStuckCall(answered, liveness, minutes(now), limits);

  it('[STUCK2] gone is ended, alive is left alone, unknown is kept until the second limit', () => {
    expect(decide('gone', 40)).toEqual({ do: 'end' });
    expect(decide('alive', 40)).toEqual({ do: 'mark_verified', at: minutes(40) });
    expect(decide('unknown', 40)).toEqual({ do: 'keep' });
    expect(decide('unknown', 24 * 60 + 2)).toEqual({ do: 'end' });
  });

  it('[STUCK5] in a double booking gone is ended at once, alive and unknown are not', () => {
    expect(decideDoubleBooked('gone', minutes(2))).toEqual({ do: 'end' });
    expect(decideDoubleBooked('alive', minutes(2))).toEqual({ do: 'mark_verified', at: minutes(2) });
    expect(decideDoubleBooked('unknown', minutes(24 * 60 * 10))).toEqual({ do: 'keep' });
  });

  it('[STUCK3] by time alone it is ended, whatever the PBX said earlier', () => {
    expect(decideByTimeAlone({ ...answered, verifiedAt: minutes(39) }, minutes(40), limits)).toEqual({
      do: 'end',
    });
    expect(decideByTimeAlone(answered, minutes(20), limits)).toEqual({ do: 'keep' });
  });

  it('[STUCK2] a call that the PBX calls alive is never ended, and none is ended within its limit', () => {
    const calls = fc.record({
      status: fc.constantFrom('calling', 'ringing', 'connected', 'held', 'ended'),
      startedAt: fc.nat().map((ms) => ms as Instant),
      answeredAt: fc.option(
        fc.nat().map((ms) => ms as Instant),
        { nil: undefined },
      ),
      verifiedAt: fc.option(
        fc.nat().map((ms) => ms as Instant),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(calls, fc.nat(), fc.constantFrom('gone', 'alive', 'unknown'), (observed, now, liveness) => {
        const decision = decideStuckCall(observed, liveness, now as Instant, limits);
        if (liveness === 'alive') expect(decision.do).not.toBe('end');
        const since = Math.max(observed.answeredAt ?? observed.startedAt, observed.verifiedAt ?? 0);
        if (now - since <= 30 * 60_000 || observed.status === 'ended') expect(decision.do).toBe('keep');
      }),
    );
  });
});
