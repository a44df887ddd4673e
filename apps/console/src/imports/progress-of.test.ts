import { expect, it } from 'vitest';
import type { ContactImport } from '../api/answers.ts';
import { progressOf, roughTime } from './progress-of.ts';

const begun = {
  bytes: 1_000,
  bytesDone: 250,
  rowsDone: 50,
  startedAt: '2026-01-01T10:00:00Z',
  finishedAt: null,
};
const at = (time: string) => Date.parse(`2026-01-01T${time}Z`);
const progress = (more: Partial<ContactImport>, time: string) =>
  progressOf({ ...begun, ...more } as ContactImport, at(time));

it('tells share, rate and time left of an import, and no rate that nobody can know yet', () => {
  expect(progress({}, '10:00:10')).toEqual({ share: 0.25, rowsPerSecond: 5, secondsLeft: 30 });
  expect(progress({}, '10:00:01')).toEqual({ share: 0.25, rowsPerSecond: null, secondsLeft: null });
  expect(progress({ startedAt: null, bytesDone: 0 }, '10:00:10')).toEqual({
    share: 0,
    rowsPerSecond: null,
    secondsLeft: null,
  });
});

it('keeps the rate of one that has ended, however much later one looks', () => {
  const ended = { bytesDone: 1_000, rowsDone: 200, finishedAt: '2026-01-01T10:00:20Z' };
  expect(progress(ended, '12:00:00')).toEqual({ share: 1, rowsPerSecond: 10, secondsLeft: null });
});

it.each([
  [0.2, '1 s'],
  [59, '59 s'],
  [60, '1 min'],
  [3_600, '60 min'],
  [7_200, '2 h'],
])('%d s are told as %s', (seconds, text) => {
  expect(roughTime(seconds)).toBe(text);
});
