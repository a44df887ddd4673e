import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { coresAt } from './cores-at.ts';

const points = [
  { perSecond: 10, cores: 0.1 },
  { perSecond: 100, cores: 0.4 },
  { perSecond: 1_000, cores: 1 },
];

it.each([
  [0, 0.1],
  [10, 0.1],
  [55, 0.25],
  [100, 0.4],
  [1_000, 1],
  [5_000, 5],
])('at %d a second it takes %d cores', (perSecond, cores) => {
  expect(coresAt(points, perSecond)).toBeCloseTo(cores, 9);
});

it('never falls where no point is below the one before', () => {
  const rate = fc.double({ min: 0, max: 5_000, noNaN: true });
  fc.assert(
    fc.property(rate, rate, (one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      expect(coresAt(points, more)).toBeGreaterThanOrEqual(coresAt(points, less) - 1e-9);
    }),
  );
});

it('needs a point', () => {
  expect(() => coresAt([], 1)).toThrow('nothing was measured');
});
