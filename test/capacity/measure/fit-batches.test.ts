import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fitBatches } from './fit-batches.ts';

const step = (batchesPerSecond: number, perBatch: number, fixed: number, each: number) => ({
  batchesPerSecond,
  eventsPerSecond: batchesPerSecond * perBatch,
  batchSecondsPerSecond: batchesPerSecond * (fixed + perBatch * each),
});

it('tells what a batch takes from what its events take', () => {
  const seconds = fc.double({ min: 0.0001, max: 0.05, noNaN: true });
  fc.assert(
    fc.property(seconds, seconds, (fixed, each) => {
      const found = fitBatches([
        step(50, 1, fixed, each),
        step(100, 2, fixed, each),
        step(80, 9, fixed, each),
      ]);
      expect(found.fixedMs).toBeCloseTo(fixed * 1_000, 4);
      expect(found.eachMs).toBeCloseTo(each * 1_000, 4);
    }),
  );
});

it('counts everything as the batch’s where nothing tells them apart, and is never below nothing', () => {
  expect(fitBatches([step(50, 1, 0.004, 0), step(90, 1, 0.004, 0)])).toEqual({
    fixedMs: expect.closeTo(4, 9),
    eachMs: 0,
  });
  const strange = [step(10, 1, 0.01, 0), step(10, 8, 0.002, 0)];
  expect(fitBatches(strange).eachMs).toBe(0);
  expect(() => fitBatches([step(0, 1, 1, 1)])).toThrow('no batches');
});
