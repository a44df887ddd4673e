import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRandom } from '../../support/random.ts';
import { poisson, simulateQueue, spread } from './simulate-queue.ts';

const arrivals = fc
  .array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 200 })
  .map((times) => times.toSorted((one, other) => one - other));

it.each([0.2, 0.5, 0.8, 0.9])('waits as long as the formula of M/D/1 says, at %d of what it can', (load) => {
  const report = simulateQueue({
    arrivals: poisson(400_000, load, createRandom(7)),
    serviceOf: () => 1,
    batchMax: 1,
  });
  // Pollaczek and Khinchine, for a service that always takes as long.
  const mean = 1 + load / (2 * (1 - load));
  expect(report.meanSeconds / mean).toBeGreaterThan(0.95);
  expect(report.meanSeconds / mean).toBeLessThan(1.05);
  expect(report.busy).toBeCloseTo(load, 2);
});

it('serves everybody, is never faster than its service, and never idle while anybody waits', () => {
  const plan = fc.record({
    arrivals,
    fixed: fc.double({ min: 0.01, max: 3, noNaN: true }),
    batchMax: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(plan, ({ arrivals: given, fixed, batchMax }) => {
      const report = simulateQueue({ arrivals: given, serviceOf: () => fixed, batchMax });
      expect(report.batches).toBeGreaterThanOrEqual(Math.ceil(given.length / batchMax));
      expect(report.p50Seconds).toBeGreaterThanOrEqual(fixed - 1e-9);
      expect(report.p99Seconds).toBeGreaterThanOrEqual(report.p50Seconds);
      const last = given.at(-1) ?? 0;
      expect(report.doneAt).toBeGreaterThanOrEqual(last + fixed - 1e-9);
      // All that came later than everybody was served, one batch after the other.
      expect(report.doneAt).toBeLessThanOrEqual(last + report.batches * fixed + 1e-9);
    }),
  );
});

it('bears by larger batches what it could not bear one by one', () => {
  const given = poisson(20_000, 500, createRandom(3));
  const serviceOf = (count: number): number => 0.004 + count * 0.000_1;
  const single = simulateQueue({ arrivals: given, serviceOf, batchMax: 1 });
  const joined = simulateQueue({ arrivals: given, serviceOf, batchMax: 100 });
  expect(single.busy).toBeGreaterThan(0.999);
  expect(single.p99Seconds).toBeGreaterThan(10);
  expect(joined.p99Seconds).toBeLessThan(0.05);
});

it('has no more of a window than there is', () => {
  const times = spread(1_000, 5, createRandom(1));
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect([times[0], times.at(-1)].every((time) => time !== undefined && time >= 0 && time < 5)).toBe(true);
  expect(() => simulateQueue({ arrivals: [], serviceOf: () => 1, batchMax: 1 })).toThrow('nobody');
});
