import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareKeys, keyOfClosing, keyOfEvent, keyOfSnapshot } from './statement-key.ts';
import { epochMax, epochOf, sequenceMax, sequenceOf, versionOf } from './version.ts';

const epochs = fc.integer({ min: 1, max: epochMax });
const sequences = fc.integer({ min: 1, max: sequenceMax });
const versions = fc.tuple(epochs, sequences).map(([epoch, sequence]) => versionOf(epoch, sequence));

it('[VER1] versions sort as epoch and sequence do, come apart again, and fit a bigint of PostgreSQL', () => {
  fc.assert(
    fc.property(epochs, sequences, epochs, sequences, (epoch, sequence, otherEpoch, otherSequence) => {
      const [one, other] = [versionOf(epoch, sequence), versionOf(otherEpoch, otherSequence)];
      expect([epochOf(one), sequenceOf(one)]).toEqual([epoch, sequence]);
      expect(one < other).toBe(epoch < otherEpoch || (epoch === otherEpoch && sequence < otherSequence));
      expect(BigInt.asIntN(64, one)).toBe(one);
    }),
  );
});

it.each([
  [0, 1],
  [1, 0],
  [epochMax + 1, 1],
  [1, sequenceMax + 1],
  [1.5, 1],
  [Number.NaN, 1],
])('[VER1] there is no version %d, %d', (epoch, sequence) => {
  expect(() => versionOf(epoch, sequence)).toThrow(RangeError);
});

it('[KEY1] keys are totally ordered', () => {
  const keys = fc
    .tuple(versions, versions, fc.constantFrom(0 as const, 1 as const))
    .map(([asOf, said, rank]) => ({ asOf, said, rank }));
  fc.assert(
    fc.property(keys, keys, keys, (a, b, c) => {
      expect(Math.sign(compareKeys(a, b))).toBe(-Math.sign(compareKeys(b, a)) + 0);
      expect(compareKeys(a, b) === 0).toBe(a.asOf === b.asOf && a.said === b.said && a.rank === b.rank);
      if (compareKeys(a, b) <= 0 && compareKeys(b, c) <= 0) expect(compareKeys(a, c)).toBeLessThanOrEqual(0);
    }),
  );
});

it('[KEY2] [KEY3] [KEY4] a snapshot of the state after v beats v and its closing, and loses to v + 1', () => {
  const [before, next, said] = [versionOf(1, 5), versionOf(1, 6), versionOf(1, 9)];
  const inOrder = [
    keyOfEvent(before),
    keyOfClosing(keyOfEvent(before)),
    keyOfSnapshot(before, said),
    keyOfEvent(next),
  ];
  expect(inOrder.toReversed().toSorted(compareKeys)).toEqual(inOrder);
});
