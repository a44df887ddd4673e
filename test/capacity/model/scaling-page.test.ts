import { expect, it } from 'vitest';
import { readMeasured } from './measured.ts';
import { readScalingPage, withTables } from './scaling-page.ts';
import { figure, scalingTables } from './scaling-tables.ts';

it('docs/scaling.md says what follows from what was measured', () => {
  const page = readScalingPage();
  expect(
    withTables(page, scalingTables(readMeasured())),
    'write it with: node test/capacity/model/write.ts',
  ).toBe(page);
});

it('the page tells on what it was measured', () => {
  const { machine, day } = readMeasured().on;
  expect(readScalingPage()).toContain(day);
  expect(readScalingPage()).toContain(machine);
});

it('a table has its place, and a place its table', () => {
  const place = '# A\n\n<!-- computed: one -->\n\nold\n\n<!-- end of one -->\n';
  const filled = withTables(place, new Map([['one', '| new |']]));
  expect(filled).toBe('# A\n\n<!-- computed: one -->\n\n| new |\n\n<!-- end of one -->\n');
  expect(withTables(filled, new Map([['one', '| new |']]))).toBe(filled);
  expect(() => withTables(place, new Map())).toThrow('nothing computes');
  expect(() =>
    withTables(
      place,
      new Map([
        ['one', ''],
        ['two', ''],
      ]),
    ),
  ).toThrow('no place for the table two');
});

it.each([
  [0, '0'],
  [0.004, 'under 0.01'],
  [0.0456, '0.046'],
  [7.26, '7.3'],
  [83.4, '83'],
  [1_234, '1,200'],
  [1_000_000, '1,000,000'],
])('%d is told as %s', (value, told) => {
  expect(figure(value)).toBe(told);
});
