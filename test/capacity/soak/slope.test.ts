import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRandom } from '../../support/random.ts';
import { isFlat, slopeOf, type Point } from './slope.ts';

const finite = (from: number, to: number) => fc.double({ min: from, max: to, noNaN: true });
const points = fc
  .array(finite(-1_000, 1_000), { minLength: 4, maxLength: 60 })
  .map((values) => values.map((value, minute): Point => [minute, value]));
const line = (count: number, at: (minute: number) => number): Point[] =>
  Array.from({ length: count }, (_, minute) => [minute, at(minute)]);

it('finds the slope of a line exactly, and no noise in it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 60 }),
      finite(-50, 50),
      finite(-500, 500),
      (count, slope, start) => {
        const found = slopeOf(line(count, (minute) => start + slope * minute));
        expect(found.perMinute).toBeCloseTo(slope, 6);
        expect(found.noisePerMinute).toBeCloseTo(0, 5);
        expect(found.growth).toBeCloseTo(slope * (count - 1), 4);
      },
    ),
  );
});

it('does not care where the values or the times begin, nor in which order they come', () => {
  fc.assert(
    fc.property(points, finite(-1_000, 1_000), finite(0, 500), (given, up, later) => {
      const moved = given.map(([minute, value]): Point => [minute + later, value + up]).reverse();
      const [one, other] = [slopeOf(given), slopeOf(moved)];
      expect(other.perMinute).toBeCloseTo(one.perMinute, 6);
      expect(other.noisePerMinute).toBeCloseTo(one.noisePerMinute, 4);
      expect(other.growth).toBeCloseTo(one.growth, 4);
      expect(other.level).toBeCloseTo(one.level + up, 6);
    }),
  );
});

it('is in the unit of its values', () => {
  fc.assert(
    fc.property(points, finite(0.01, 1_000), (given, factor) => {
      const scaled = given.map(([minute, value]): Point => [minute, value * factor]);
      const [one, other] = [slopeOf(given), slopeOf(scaled)];
      expect(other.perMinute / factor).toBeCloseTo(one.perMinute, 6);
      expect(other.noisePerMinute / factor).toBeCloseTo(one.noisePerMinute, 4);
    }),
  );
});

/** As a heap is that rises and falls, with a leak in it. */
const noisy = (seed: number, leak: number): Point[] => {
  const random = createRandom(seed);
  return line(16, (minute) => 40 + leak * minute + 2 * (random.next() - 0.5));
};
const seeds = Array.from({ length: 2_000 }, (_, seed) => seed);

it('takes chance for a leak in one of a thousand cases, and misses no leak that is larger than its noise', () => {
  const leaky = (leak: number) => seeds.filter((seed) => !isFlat(slopeOf(noisy(seed, leak)), 0)).length;
  expect(leaky(0)).toBeLessThan(10);
  expect(leaky(0.3)).toBe(seeds.length);
});

it('lets pass what shrinks, and what is of no account', () => {
  const falling = slopeOf(line(10, (minute) => 100 - minute));
  expect(isFlat(falling, 0)).toBe(true);
  const rising = slopeOf(line(11, (minute) => 100 + minute / 10));
  expect(rising.growth).toBeCloseTo(1);
  expect([isFlat(rising, 0.5), isFlat(rising, 2)]).toEqual([false, true]);
  const steady = slopeOf(line(10, () => 7));
  expect(isFlat(steady, 0)).toBe(true);
});

it('refuses what has no slope', () => {
  expect(() => slopeOf(line(3, () => 1))).toThrow('4 points or more');
  expect(() => slopeOf(line(4, () => 1).map(([, value]): Point => [5, value]))).toThrow('different times');
});
