import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { digits, duration, moment, oneOf, someOf, wholeNumber } from './read-option.ts';

const now = new Date('2026-01-31T12:00:00Z');
const states = ['open', 'ended'] as const;

describe('options are read', () => {
  it.each([
    ['a whole number', wholeNumber(1, 500)('500'), 500],
    ['a length of time', duration('90s'), 90_000],
    ['days', duration('7d'), 604_800_000],
    ['how long ago', moment(() => now)('2h'), new Date('2026-01-31T10:00:00Z')],
    ['a day', moment(() => now)('2026-01-30'), new Date('2026-01-30T00:00:00Z')],
    ['a time', moment(() => now)('2026-01-30T08:00+01:00'), new Date('2026-01-30T07:00:00Z')],
    ['one word', oneOf(states)('open'), 'open'],
    ['several words', someOf(states)('ended, open'), ['ended', 'open']],
    ['words given twice', someOf(states)('ended', ['open']), ['open', 'ended']],
    ['part of a number', digits('+49*0#'), '+49*0#'],
  ])('%s', (_what, read, expected) => {
    expect(read).toEqual(expected);
  });

  it.each([
    ['0', wholeNumber(1, 5)],
    ['6', wholeNumber(1, 5)],
    ['1.5', wholeNumber(1, 5)],
    ['-1', wholeNumber(1, 5)],
    ['', wholeNumber(0, 5)],
    ['0s', duration],
    ['10', duration],
    ['10y', duration],
    ['tomorrow', moment(() => now)],
    ['2026-13-41', moment(() => now)],
    ['5', moment(() => now)],
    ['closed', oneOf(states)],
    ['open,', someOf(states)],
    ['', digits],
    ['+49 30', digits],
    ["'; drop", digits],
  ])('but not "%s"', (text, read) => {
    expect(() => read(text)).toThrow(InvalidArgumentError);
  });
});
