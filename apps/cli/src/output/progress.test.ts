import { expect, it, vi } from 'vitest';
import { CapturedTerminal } from '../testing/captured-terminal.ts';
import { bar, openProgress } from './progress.ts';
import { mayColour } from './terminal.ts';

it('a bar fills up, also where more is found on the way than was known', () => {
  expect(bar(0, 10)).toBe(`[${'.'.repeat(30)}] 0 of 10`);
  expect(bar(5, 10)).toBe(`[${'#'.repeat(15)}${'.'.repeat(15)}] 5 of 10`);
  expect(bar(12, 10)).toBe(`[${'#'.repeat(30)}] 12 of 12`);
  expect(bar(0, 0)).toBe(`[${'.'.repeat(30)}] 0 of 1`);
});

it('is drawn when it takes long and somebody watches, and taken away in the end', () => {
  vi.useFakeTimers();
  try {
    const drawn = (terminal: CapturedTerminal): readonly string[] => {
      using progress = openProgress(terminal, 'Sweeping', 4);
      progress.at(1);
      vi.advanceTimersByTime(2_000);
      progress.at(2);
      progress.at(3);
      return terminal.overwritten;
    };
    const watched = drawn(new CapturedTerminal({ answers: [] }));
    expect(watched).toEqual([`Sweeping ${bar(2, 4)}`, '']);
    expect(drawn(new CapturedTerminal())).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ TERM: 'dumb' }, true, false],
])('with %j on a terminal (%s) colours are used: %s', (env, isTerminal, expected) => {
  expect(mayColour(env, isTerminal)).toBe(expected);
});
