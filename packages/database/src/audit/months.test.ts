import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { addMonths, firstDay, isBefore, monthOf, monthOfPartition, partitionName } from './months.ts';

const months = fc.record({
  year: fc.integer({ min: 1970, max: 9998 }),
  month: fc.integer({ min: 1, max: 12 }),
});

it('adding months and taking them away again comes back', () => {
  fc.assert(
    fc.property(months, fc.integer({ min: -200, max: 200 }), (month, count) => {
      fc.pre(month.year * 12 + count > 0);
      expect(addMonths(addMonths(month, count), -count)).toEqual(month);
      expect(isBefore(month, addMonths(month, count))).toBe(count > 0);
    }),
  );
});

it('a partition is named after its month and is recognised by its name', () => {
  fc.assert(
    fc.property(months, (month) => {
      expect(monthOfPartition(partitionName(month))).toEqual(month);
    }),
  );
  expect(monthOfPartition('call_event_default')).toBeUndefined();
  expect(partitionName({ year: 2026, month: 3 })).toBe('call_event_2026_03');
});

it('the month is that of UTC', () => {
  expect(monthOf(new Date('2026-12-31T23:30:00-02:00'))).toEqual({ year: 2027, month: 1 });
  expect(firstDay({ year: 2027, month: 1 })).toBe('2027-01-01');
});
