import { expect, it } from 'vitest';
import { judgeGrowth } from './judge-growth.ts';
import { growthTable } from './growth-table.ts';
import type { Figures, Sample } from './take-sample.ts';

const samples = (count: number, figures: (minute: number) => Figures): Sample[] =>
  Array.from({ length: count }, (_, minute) => ({ minute, of: new Map([['push-1', figures(minute)]]) }));
const wobble = (minute: number): number => ((minute * 7) % 5) / 10;

it('finds the leak among what stays, and judges neither resident memory nor what Redis holds', () => {
  const growths = judgeGrowth(
    samples(21, (minute) => ({
      heap: 40 + minute * 0.5 + wobble(minute),
      handles: 30 + (minute % 2),
      descriptors: 60,
      rss: 100 + minute,
      memory: minute,
    })),
    5,
  );
  const verdicts = growths.map(({ measure, isFlat }) => [measure, isFlat]);
  expect(verdicts).toEqual([
    ['heap', false],
    ['handles', true],
    ['descriptors', true],
    ['rss', null],
    ['memory', null],
  ]);
});

it('takes what was learnt in the warm-up for no leak', () => {
  const [heap] = judgeGrowth(
    samples(21, (minute) => ({ heap: 40 + Math.min(minute, 5) * 3 + wobble(minute) })),
    5,
  );
  expect(heap?.isFlat).toBe(true);
});

it('gives no verdict of too little', () => {
  expect(() =>
    judgeGrowth(
      samples(4, () => ({ heap: 1 })),
      0,
    ),
  ).toThrow('after its warm-up; it has 3');
  expect(() =>
    judgeGrowth(
      samples(20, (minute) => (minute > 10 ? {} : { heap: 1 })),
      5,
    ),
  ).toThrow('missing');
});

it('is printed as a table of Markdown, by the hour', () => {
  const growths = judgeGrowth(
    samples(21, (minute) => ({ heap: 40 + minute, connections: 12, rss: 90 })),
    4,
  );
  expect(growthTable(growths).split('\n')).toEqual([
    '| process | measure      | first | last  | growth an hour | noise an hour |            |',
    '| ------- | ------------ | ----- | ----- | -------------- | ------------- | ---------- |',
    '| push-1  | heap, MB     | 45.00 | 60.00 | +60.00         | ±0.00         | GROWS      |',
    '| push-1  | connections  | 12    | 12    | +0.0           | ±0.0          | flat       |',
    '| push-1  | resident, MB | 90.00 | 90.00 | +0.00          | ±0.00         | not judged |',
  ]);
});

it('takes two hundredths of a heap for what traffic brings about, and no more', () => {
  const verdict = (growth: number) =>
    judgeGrowth(
      samples(21, (minute) => ({ heap: 100 + (minute * growth) / 20 })),
      0,
    )[0]?.isFlat;
  expect([verdict(1.8), verdict(2.4)]).toEqual([true, false]);
});
