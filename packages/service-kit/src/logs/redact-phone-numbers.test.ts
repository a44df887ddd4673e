import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactPhoneField, redactPhoneNumbers } from './redact-phone-numbers.ts';

const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength: min, maxLength: max });
const before = fc.constantFrom('', 'call from ', 'dialled ', '(', 'first\n', '"', 'caller=', 'caller: ');
const after = fc.constantFrom('', ' was refused', ', retrying', ')', '\nsecond', '"', '.', ' at 12:04:05');

/** The country code 49 is followed by an area code and a subscriber; 10 to 13 digits in all. */
const german = fc.tuple(fc.constantFrom('30', '151', '89', '221', '40'), digits(7, 8));
const written = fc.oneof(
  german.map(([area, rest]) => `+49${area}${rest}`),
  german.map(([area, rest]) => `+49 ${area} ${rest}`),
  german.map(([area, rest]) => `+49 (${area}) ${rest.slice(0, 3)}-${rest.slice(3)}`),
  german.map(([area, rest]) => `0049${area}${rest}`),
  german.map(([area, rest]) => `0049 ${area} ${rest}`),
  german.map(([area, rest]) => `0${area}${rest}`),
  german.map(([area, rest]) => `0${area}/${rest}`),
  german.map(([area, rest]) => `(0${area}) ${rest}`),
  digits(7, 7).map((rest) => `+1 555 ${rest.slice(0, 3)} ${rest.slice(3)}`),
  digits(7, 7).map((rest) => `(555) ${rest.slice(0, 3)}-${rest.slice(3)}`),
  digits(7, 7).map((rest) => `555-${rest.slice(0, 3)}-${rest.slice(3)}`),
  digits(7, 7).map((rest) => `555.${rest.slice(0, 3)}.${rest.slice(3)}`),
  digits(7, 7).map((rest) => `1-800-${rest.slice(0, 3)}-${rest.slice(3)}`),
  german.map(([area, rest]) => `sip:49${area}${rest}@pbx.example.com`),
  german.map(([area, rest]) => `sip:+49${area}${rest}@pbx.example.com`),
  german.map(([area, rest]) => `tel:+49${area}${rest}`),
  german.map(([area, rest]) => `PJSIP/49${area}${rest}-0000001a`),
  german.map(([area, rest]) => `49${area}${rest}`),
  digits(7, 7).map((rest) => `555${rest}`),
  digits(7, 7).map((rest) => `1555${rest}`),
);

/** All digits of what the test wrote, without those that a channel or an address adds after it. */
function digitsOf(text: string): string {
  return text.replace(/-[\da-f]{8}$/, '').replace(/\D/g, '');
}

describe('phone numbers', () => {
  test('are masked however they are written and whatever is around them, but for 2 or 3 digits', () => {
    fc.assert(
      fc.property(before, written, after, (before, number, after) => {
        const redacted = redactPhoneNumbers(before + number + after);
        const all = digitsOf(number);
        const left = digitsOf(redacted.slice(before.length, redacted.length - after.length));
        expect(all.endsWith(left)).toBe(true);
        expect([2, 3]).toContain(left.length);
        expect(redacted).toContain('***');
        expect(redacted.startsWith(before)).toBe(true);
        expect(redacted.endsWith(after)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('are found inside a JSON string too, where a line break is two characters', () => {
    fc.assert(
      fc.property(before, written, after, (before, number, after) => {
        const plain = redactPhoneNumbers(before + number + after);
        const inJson = redactPhoneNumbers(JSON.stringify(before + number + after).slice(1, -1));
        expect(JSON.parse(`"${inJson}"`)).toBe(plain);
      }),
    );
  });

  test('leave no more than the last digits when several stand in one text', () => {
    expect(redactPhoneNumbers('bridge +49 151 12345678, 0301234567 and 15551234567')).toBe(
      'bridge ***678, ***567 and ***567',
    );
  });

  test('redacting again changes nothing', () => {
    fc.assert(
      fc.property(before, written, after, (before, number, after) => {
        const once = redactPhoneNumbers(before + number + after);
        expect(redactPhoneNumbers(once)).toBe(once);
      }),
    );
  });
});

describe('what is no phone number stays', () => {
  const pastAndFuture = fc.date({
    min: new Date('2020-01-01T00:00:00Z'),
    max: new Date('2033-05-01T00:00:00Z'),
    noInvalidDate: true,
  });
  const hex = (length: number): fc.Arbitrary<string> =>
    fc.string({
      unit: fc.constantFrom(...'0123456789abcdef'.split('')),
      minLength: length,
      maxLength: length,
    });
  const epoch = fc.bigInt({ min: 1n, max: 5_000n });
  const sequence = fc.bigInt({ min: 0n, max: 2n ** 40n - 1n });
  const ours = fc.oneof(
    fc.uuid(),
    pastAndFuture.map((date) => date.toISOString()),
    pastAndFuture.map((date) => date.toISOString().replace('Z', '+02:00')),
    pastAndFuture.map((date) => String(date.getTime())),
    pastAndFuture.map((date) => String(Math.floor(date.getTime() / 1_000))),
    pastAndFuture.map((date) => `${date.getTime()}-0`),
    pastAndFuture.map((date) => `${Math.floor(date.getTime() / 1_000)}.4711`),
    fc.tuple(hex(32), hex(16)).map(([trace, span]) => `00-${trace}-${span}-01`),
    hex(40).map((hash) => `sha1-${hash}`),
    fc.tuple(epoch, sequence).map(([epoch, sequence]) => `version ${epoch * 2n ** 40n + sequence}`),
    fc.ipV4().map((address) => `${address}:5432`),
    fc.constantFrom(
      'extension 101',
      'dialled 112',
      'took 123456 ms',
      'trunkline:events:{3}',
      'id=4915112345678',
    ),
    fc.constantFrom(
      'trunkline:call:49151123456',
      'at file:///srv/app.ts:1234:56',
      'v24.21.0',
      '{"shard":12345678}',
    ),
  );
  const around = fc.constantFrom('', ' ', ', ', '\n', ' and ');

  test('uuids, times, stream ids, trace ids, versions, addresses, short numbers', () => {
    fc.assert(
      fc.property(around, ours, around, ours, (start, first, middle, second) => {
        const text = `${start}${first}${middle === '' ? ' ' : middle}${second}`;
        expect(redactPhoneNumbers(text)).toBe(text);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('a field that holds a phone number', () => {
  test('is masked also where free text would leave it', () => {
    expect(
      ['4915112345678', '1234567890123', '"Ada" <+49 151 12345678>', '030 1234567', '0000012345678'].map(
        redactPhoneField,
      ),
    ).toEqual(['***678', '***123', '"Ada" <***678>', '***567', '***678']);
  });

  test('keeps extensions, words, times and ids', () => {
    for (const kept of [
      '101',
      '4711',
      'anonymous',
      '2026-11-21T00:55:00.000Z',
      '1732147200000-0',
      'connected',
    ]) {
      expect(redactPhoneField(kept)).toBe(kept);
    }
  });
});
