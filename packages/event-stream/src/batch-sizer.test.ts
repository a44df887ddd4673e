import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchSizer } from './batch-sizer.ts';

/** Works a stream in which some entries fail, as a shard does. Returns what was set aside and how many transactions failed. */
function work(total: number, bad: ReadonlySet<number>, max: number) {
  const sizer = new BatchSizer(max);
  const parked: number[] = [];
  let failures = 0;
  for (let at = 0; at < total;) {
    const size = Math.min(sizer.size, total - at);
    const fails = Array.from({ length: size }, (_, index) => at + index).some((entry) => bad.has(entry));
    if (fails && size > 1) {
      failures++;
      sizer.failed(size);
      continue;
    }
    if (fails) parked.push(at);
    sizer.succeeded(size);
    at += size;
  }
  return { parked, failures };
}

describe('BatchSizer', () => {
  it('isolates exactly the bad entries', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.uniqueArray(fc.nat({ max: 399 })),
        fc.integer({ min: 1, max: 128 }),
        (total, bad, max) => {
          const expected = bad.filter((entry) => entry < total).sort((a, b) => a - b);
          expect(work(total, new Set(bad), max).parked).toEqual(expected);
        },
      ),
    );
  });

  it('finds one bad entry of a thousand in a dozen failed transactions', () => {
    for (const entry of [0, 1, 499, 500, 998, 999]) {
      expect(work(1_000, new Set([entry]), 1_000).failures).toBeLessThanOrEqual(12);
    }
  });

  it('does not search from the top again in a run of bad entries', () => {
    const bad = new Set(Array.from({ length: 1_000 }, (_, index) => index));
    expect(work(1_000, bad, 1_000).failures).toBeLessThan(1_010);
  });

  it('grows back to its maximum', () => {
    const sizer = new BatchSizer(100);
    sizer.failed(100);
    sizer.failed(50);
    expect(sizer.isolating).toBe(true);
    for (let round = 0; round < 12; round++) sizer.succeeded(sizer.size);
    expect(sizer.size).toBe(100);
    expect(sizer.isolating).toBe(false);
  });

  it('shrinks without suspecting anybody', () => {
    const sizer = new BatchSizer(100);
    sizer.shrink(100);
    expect(sizer.size).toBe(50);
    sizer.succeeded(50);
    expect(sizer.size).toBe(100);
  });
});
