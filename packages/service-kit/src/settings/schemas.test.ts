import * as fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { boolean, decimal, duration, integer, list, oneOf, port, text, url } from './schemas.ts';
import type { TextSchema } from './setting.ts';

/** What each text is read as; a problem's text where it is refused. */
function read<Output>(schema: TextSchema<Output>, given: string): Output | string {
  const result = v.safeParse(schema, given);
  return result.success ? result.output : result.issues[0].message;
}

test('durations have a unit and become milliseconds', () => {
  expect(['250ms', '5s', '10m', '2h', '30d', ' 5s '].map((given) => read(duration(), given))).toEqual([
    250, 5_000, 600_000, 7_200_000, 2_592_000_000, 5_000,
  ]);
});

test.each(['', '10', '5 s', '-5s', '1.5s', '5S', 's', '400d'])('"%s" is no duration', (given) => {
  expect(read(duration(), given)).toBe('must be a duration such as 250ms, 5s, 10m or 2h, from 0ms to 365d');
});

test('durations keep to their bounds, both allowed', () => {
  const schema = duration({ min: '1s', max: '10m' });
  expect([read(schema, '1s'), read(schema, '10m')]).toEqual([1_000, 600_000]);
  expect(read(schema, '999ms')).toContain('from 1s to 10m');
});

test('every whole number within the bounds is read as itself, every other is refused', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: -1_000, max: 1_000 }), fc.nat(1_000), (value, min, span) => {
      const max = min + span;
      const expected = value >= min && value <= max ? value : `must be a whole number from ${min} to ${max}`;
      expect(read(integer({ min, max }), String(value))).toBe(expected);
    }),
  );
});

test.each(['1.5', '1e3', '0x10', '', 'eight', '12345678901234567890'])('"%s" is no whole number', (given) => {
  expect(read(integer({ min: 0, max: 10_000 }), given)).toBe('must be a whole number from 0 to 10000');
});

test('ratios, ports, booleans and choices', () => {
  expect(read(decimal({ min: 0, max: 1 }), '0.05')).toBe(0.05);
  expect(read(decimal({ min: 0, max: 1 }), '1.5')).toBe('must be a number from 0 to 1');
  expect([read(port(), '0'), read(port(), '65535')]).toEqual([0, 65_535]);
  expect(read(port(), '65536')).toContain('must be a port');
  expect([read(boolean(), 'true'), read(boolean(), 'FALSE')]).toEqual([true, false]);
  expect(read(boolean(), '1')).toBe('must be true or false');
  expect(read(oneOf(['a', 'b']), 'b')).toBe('b');
  expect(read(oneOf(['a', 'b']), 'c')).toBe('must be one of a, b');
  expect(read(text({ min: 2, max: 3 }), 'abcd')).toBe('must be a text of 2 to 3 characters');
});

test('a port that Kubernetes put there gets its remedy', () => {
  expect(read(port(), 'tcp://10.0.0.7:80')).toContain('set enableServiceLinks to false');
});

test('URLs have one of the given protocols', () => {
  const schema = url(['https', 'http']);
  expect(read(schema, 'http://collector:4318')).toBe('http://collector:4318');
  expect(read(schema, 'ftp://collector')).toBe('must be a URL https://… or http://…');
  expect(read(schema, 'collector:4318')).toBe('must be a URL https://… or http://…');
});

test('lists hold values of one kind, none empty, none too many', () => {
  const schema = list(integer({ min: 0, max: 9 }), 3);
  expect(read(schema, '1, 2,3')).toEqual([1, 2, 3]);
  for (const given of ['1,,2', '1,x', '1,2,3,4', '']) {
    expect(read(schema, given)).toBe(
      'must be up to 3 values separated by commas, each a whole number from 0 to 9',
    );
  }
});
