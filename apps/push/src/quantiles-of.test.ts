import { expect, it } from 'vitest';
import { quantilesOf } from './quantiles-of.ts';

const infinite = Number.POSITIVE_INFINITY;

it.each([
  ['nothing', [0, 0, 0], [0, 0, 0], []],
  ['nothing new', [5, 9, 10], [5, 9, 10], []],
  ['small ones', [0, 0, 0], [100, 100, 100], [0.01, 0.01]],
  ['only what is new', [1_000, 1_000, 1_000], [1_000, 1_100, 1_100], [0.1, 0.1]],
  ['a tail', [0, 0, 0], [60, 100, 100], [0.01, 0.1]],
  ['what is above all bounds', [0, 0, 0], [0, 0, 7], [0.1, 0.1]],
])('%s', (_name, before, now, expected) => {
  const buckets = (counts: number[]) =>
    new Map([0.01, 0.1, infinite].map((bound, index) => [bound, counts[index] ?? 0]));
  expect(quantilesOf(buckets(before), buckets(now), [0.5, 0.99])).toEqual(expected);
});
