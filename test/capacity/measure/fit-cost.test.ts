import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ceilingOf, fitCost } from './fit-cost.ts';

const at = (idle: number, micros: number) => (perSecond: number) => ({
  perSecond,
  cores: idle + (perSecond * micros) / 1e6,
});
const positive = (max: number) => fc.double({ min: 0, max, noNaN: true });

it('finds what a line is made of, and at which rate cores are spent', () => {
  fc.assert(
    fc.property(positive(0.5), positive(5_000), (idle, micros) => {
      const cost = fitCost([50, 100, 400, 900].map(at(idle, micros)));
      expect(cost.idleCores).toBeCloseTo(idle, 6);
      expect(cost.microsEach).toBeCloseTo(micros, 3);
      if (micros > 1) expect(at(idle, micros)(ceilingOf(cost, 1)).cores).toBeCloseTo(1, 3);
    }),
  );
});

it('is never below nothing, whatever noise makes of it', () => {
  const step = fc.record({ perSecond: positive(1_000), cores: positive(2) });
  fc.assert(
    fc.property(
      fc.uniqueArray(step, { minLength: 2, selector: ({ perSecond }) => Math.round(perSecond) }),
      (steps) => {
        const cost = fitCost(steps);
        expect(cost.idleCores).toBeGreaterThanOrEqual(0);
        expect(cost.microsEach).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

it('has no ceiling where nothing is spent, and needs two rates', () => {
  expect(ceilingOf({ idleCores: 0.1, microsEach: 0 }, 1)).toBe(Infinity);
  expect(ceilingOf({ idleCores: 2, microsEach: 10 }, 1)).toBe(0);
  expect(() => fitCost([at(0, 1)(5)])).toThrow('two rates');
  expect(() => fitCost([5, 5].map(at(0, 1)))).toThrow('different rates');
});
