import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthOf, type HealthFacts } from './health.ts';
import { addRoundTrip } from './round-trips.ts';

const facts: fc.Arbitrary<HealthFacts> = fc.record({
  link: fc.constantFrom('connected' as const, 'trying' as const, 'resting' as const),
  failures: fc.nat(30),
  missed: fc.nat(5),
  roundTrips: fc.option(fc.record({ latencyMs: fc.nat(5_000), jitterMs: fc.nat(2_000) })),
});

describe('the health score', () => {
  it('is 100 on a good connection', () => {
    const good = {
      link: 'connected',
      failures: 0,
      missed: 0,
      roundTrips: { latencyMs: 30, jitterMs: 5 },
    } as const;
    expect(healthOf(good)).toEqual({ score: 100, quality: 'good', deductions: [] });
    expect(healthOf({ ...good, roundTrips: null }).score).toBe(100);
  });

  it('loses up to 30 for failures in a row, and more from the sixth attempt on', () => {
    const after = (failures: number) =>
      healthOf({ link: 'connected', failures, missed: 0, roundTrips: null }).score;
    expect([0, 1, 2, 3, 5, 6, 10, 30].map(after)).toEqual([100, 90, 80, 70, 70, 66, 50, 50]);
  });

  it('names what it takes off', () => {
    const { score, deductions } = healthOf({ link: 'trying', failures: 1, missed: 1, roundTrips: null });
    expect(score).toBe(20);
    expect(deductions).toEqual([
      { reason: 'not connected', points: 50 },
      { reason: 'failures in a row', points: 10 },
      { reason: 'connection quality degraded', points: 20 },
    ]);
  });

  it('stays within 0 and 100, and says the same of the same', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const { score } = healthOf(one);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        expect(healthOf({ ...one })).toEqual(healthOf(one));
      }),
    );
  });

  it('never rises when one of the facts gets worse', () => {
    fc.assert(
      fc.property(facts, fc.nat(1_000), (one, more) => {
        const { failures, missed, roundTrips } = one;
        const { score } = healthOf(one);
        const worse: HealthFacts[] = [
          { ...one, failures: failures + more },
          { ...one, missed: missed + more },
          { ...one, link: one.link === 'connected' ? 'trying' : 'resting' },
        ];
        if (roundTrips !== null) {
          worse.push({ ...one, roundTrips: { ...roundTrips, latencyMs: roundTrips.latencyMs + more } });
          worse.push({ ...one, roundTrips: { ...roundTrips, jitterMs: roundTrips.jitterMs + more } });
        }
        for (const other of worse) expect(healthOf(other).score).toBeLessThanOrEqual(score);
      }),
    );
  });
});

it('latency and jitter follow what is measured, and smooth it', () => {
  const steady = [100, 100, 100].reduce(addRoundTrip, null as ReturnType<typeof addRoundTrip> | null);
  expect(steady).toEqual({ latencyMs: 100, jitterMs: 0 });
  const shaken = addRoundTrip(steady, 180);
  expect(shaken).toEqual({ latencyMs: 110, jitterMs: 20 });
});
