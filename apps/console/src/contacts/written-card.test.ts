import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { cardOf, formOf, nameOf } from './written-card.ts';

const word = fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8})?$/);
const maybe = fc.option(word);
const card = fc.record({
  name: maybe,
  company: maybe,
  email: maybe,
  notes: maybe,
  tags: fc.array(word),
  numbers: fc.array(fc.record({ number: fc.stringMatching(/^\+[1-9][0-9]{5,12}$/), label: maybe })),
});

it('a card that nobody has touched is sent as it came', () => {
  fc.assert(
    fc.property(card, (known) => {
      expect(cardOf(formOf(known))).toEqual(known);
    }),
  );
});

it('lines become numbers with what they are, and blanks nothing', () => {
  const form = { ...formOf({ name: null, company: null, email: null, notes: null, tags: [], numbers: [] }) };
  expect(cardOf({ ...form, numbers: ' 030 1234 , work, late \n\n+491 ', tags: 'vip,, new ' })).toEqual({
    name: null,
    company: null,
    email: null,
    notes: null,
    tags: ['vip', 'new'],
    numbers: [
      { number: '030 1234', label: 'work, late' },
      { number: '+491', label: null },
    ],
  });
});

it('is called by what there is of it', () => {
  const nobody = { name: null, company: null, email: null, notes: null, tags: [], numbers: [] };
  expect([
    nameOf({ ...nobody, name: 'Ada', company: 'Engines' }),
    nameOf({ ...nobody, company: 'Engines' }),
    nameOf({ ...nobody, numbers: [{ number: '+491', label: null }] }),
    nameOf(nobody),
  ]).toEqual(['Ada', 'Engines', '+491', null]);
});
