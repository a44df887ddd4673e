import { expect, it } from 'vitest';
import { ago, span } from './ago.ts';
import { facts, table } from './table.ts';

it('lines columns up and leaves no blanks at the end', () => {
  const text = table(
    ['name', 'state'],
    [
      { name: 'Head office', state: 'live' },
      { name: 'B', state: '' },
    ],
  );
  expect(text).toBe('name         state\nHead office  live\nB');
});

it('lines facts up', () => {
  expect(
    facts([
      ['name', 'B'],
      ['reason', ''],
      ['state since', 'now'],
    ]),
  ).toBe('name         B\nreason\nstate since  now');
});

it.each([
  [0, '0 s'],
  [59_400, '59 s'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [90_061_000, '1 d 1 h'],
])('says %i ms as %s', (ms, text) => {
  expect(span(ms)).toBe(text);
});

it('tells past and future apart', () => {
  const now = new Date(100_000);
  expect(ago(new Date(95_000), now)).toBe('5 s ago');
  expect(ago(new Date(160_000), now)).toBe('in 1 min');
});
