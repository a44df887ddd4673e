import * as fc from 'fast-check';
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min';
import { describe, expect, it } from 'vitest';
import { readCard, type WrittenCard } from './read-card.ts';
import { readEmail } from './read-email.ts';
import { isCountry, readAnyNumber, readNumber } from './read-number.ts';
import { readPlainNumber } from './read-plain-number.ts';

describe('a number', () => {
  it.each([
    ['030 123456', 'DE', '+4930123456'],
    ['(030) 12 34-56', 'DE', '+4930123456'],
    ['030/123456', 'DE', '+4930123456'],
    ['0049 30 123456', 'DE', '+4930123456'],
    ['+49 (0)30 123456', null, '+4930123456'],
    ['tel:+49-30-123456', null, '+4930123456'],
    ['sip:+4930123456@pbx.example.com', null, '+4930123456'],
    ['+49 30 123456 ext. 5', null, '+4930123456'],
    ['+1 (555) 010-9999', null, '+15550109999'],
    ['555-010-9999', 'US', '+15550109999'],
    ['030 123456', null, null],
    ['110', 'DE', null],
    ['call me', 'DE', null],
    ['', 'DE', null],
    ['+', null, null],
    ['+49 30 123456 and more', null, null],
    ['0'.repeat(100), 'DE', null],
  ] as const)('%j of %s is %s', (written, country, number) => {
    expect(readNumber(written, country)).toBe(number);
  });

  it('that was read is read as itself, wherever', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'0123456789+ ()/-'.split('')), maxLength: 18 }),
        (text) => {
          const number = readNumber(text, 'DE');
          if (number === null) return;
          expect(number).toMatch(/^\+[1-9]\d{1,14}$/);
          expect(readNumber(number, null)).toBe(number);
          expect(readNumber(number, 'US')).toBe(number);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('that is written plainly is read as any other is, whatever its country', () => {
    const codes = [...new Set(getCountries().map((country) => getCountryCallingCode(country)))];
    const separator = fc.constantFrom('', '', ' ', '-', '.', ' (', ') ');
    const written = fc
      .tuple(
        fc.constantFrom(...codes, '0', '21', '999'),
        fc.array(fc.tuple(separator, fc.integer({ min: 0, max: 9 })), { minLength: 3, maxLength: 15 }),
      )
      .map(([code, digits]) => `+${code}${digits.map(([before, digit]) => before + String(digit)).join('')}`);
    const read = { plain: 0, otherwise: 0 };
    fc.assert(
      fc.property(written, (text) => {
        const number = readPlainNumber(text);
        read[number === null ? 'otherwise' : 'plain'] += 1;
        if (number !== null) expect(number).toBe(readAnyNumber(text, 'DE'));
      }),
      { numRuns: 20_000 },
    );
    // Of digits by chance, of which most are too few or too many.
    expect(read.plain).toBeGreaterThan(2_000);
  });

  it('needs a country that there is', () => {
    expect(['DE', 'US', 'XX', 'de', ''].map(isCountry)).toEqual([true, true, false, false, false]);
  });
});

it.each([
  ['Ada@Example.ORG', 'ada@example.org'],
  ['Ada Lovelace <ada@example.org>', 'ada@example.org'],
  ['mailto:ada+x@example.co.uk', 'ada+x@example.co.uk'],
  ['jörg@müller.de', 'jörg@müller.de'],
  ['ada@example', null],
  ['ada', null],
  ['a@b@c.de', null],
  ['a..b@c.de', null],
  ['@example.org', null],
  [`${'a'.repeat(260)}@example.org`, null],
])('the address %j is %s', (written, email) => {
  expect(readEmail(written)).toBe(email);
});

describe('a card', () => {
  const problemsOf = (written: WrittenCard): readonly string[] => {
    const read = readCard(written, 'DE');
    return 'problems' in read ? read.problems : [];
  };

  it('is normalised, and what is there twice is there once', () => {
    const written: WrittenCard = {
      name: '  Ada \n Lovelace ',
      company: '',
      email: 'ADA@example.org',
      tags: ['VIP', 'vip', ' ', 'new'],
      notes: 'one\r\ntwo ',
      numbers: [{ number: '030 123456', label: 'work' }, { number: '+4930123456' }, { number: ' ' }],
    };
    expect(readCard(written, 'DE')).toEqual({
      card: {
        name: 'Ada Lovelace',
        company: null,
        email: 'ada@example.org',
        tags: ['VIP', 'new'],
        notes: 'one\ntwo',
        numbers: [{ number: '+4930123456', label: 'work' }],
      },
    });
  });

  it('that was read is read as itself', () => {
    const line = fc.option(fc.string({ unit: 'binary', maxLength: 30 }));
    const tags = fc.array(fc.string(), { maxLength: 3 });
    fc.assert(
      fc.property(fc.record({ name: line, company: line, notes: line, tags }), (written) => {
        const read = readCard({ ...written, email: 'a@x.org' }, 'DE');
        if ('card' in read) expect(readCard(read.card, null)).toEqual(read);
      }),
      { numRuns: 200 },
    );
  });

  it('says all that is wrong, and shows none of it as it is', () => {
    expect(
      problemsOf({
        name: 'a\0b',
        company: 'x'.repeat(201),
        email: 'nobody',
        notes: 'bro\ufffdken',
        numbers: [{ number: '12\u0007' }],
      }),
    ).toEqual([
      'the name holds control characters',
      'the company is longer than 200 letters',
      '“nobody” is no e-mail address',
      'the note holds bytes that are no letters; choose another encoding',
      '“12\ufffd” can’t be read as a number of DE, nor with a country code',
    ]);
    expect(problemsOf({ name: 'Ada' })[0]).toContain('neither a number nor an e-mail address');
    expect(
      problemsOf({ numbers: Array.from({ length: 21 }, (_, at) => ({ number: `+4930${100_000 + at}` })) }),
    ).toEqual(['there are more than 20 numbers']);
  });

  it('takes what could turn the direction of text out of a name', () => {
    const read = readCard({ name: 'Ada\u202egnp.exe', email: 'a@x.org' }, null);
    expect(read).toMatchObject({ card: { name: 'Adagnp.exe' } });
  });
});
