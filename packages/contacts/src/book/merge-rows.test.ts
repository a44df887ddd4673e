import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { contactBounds, type ContactCard } from '../contact.ts';
import { isSameCard } from './merge-cards.ts';
import {
  mergePolicies,
  mergeRows,
  type KnownContact,
  type MergePolicy,
  type RowOutcome,
} from './merge-rows.ts';

const maybe = (...words: string[]) => fc.option(fc.constantFrom(...words), { nil: null });
const cardArbitrary: fc.Arbitrary<ContactCard> = fc
  .record({
    name: maybe('Ada', 'Bob', 'Cem'),
    company: maybe('Acme', 'Other'),
    email: maybe('a@x.org', 'b@x.org', 'c@x.org'),
    notes: maybe('one', 'two'),
    tags: fc.uniqueArray(fc.constantFrom('vip', 'new', 'old'), { maxLength: 2 }),
    numbers: fc.uniqueArray(
      fc.record({ number: fc.constantFrom('+491', '+492', '+493', '+494'), label: maybe('work', 'mobile') }),
      { maxLength: 3, selector: ({ number }) => number },
    ),
  })
  .filter(({ email, numbers }) => email !== null || numbers.length > 0);
const policyArbitrary = fc.constantFrom(...mergePolicies);

/** What a table would hold, without the table. */
class Shelf {
  stored: { id: string; card: ContactCard; seqs: number[] }[] = [];
  #ids = 0;
  #seqs = 0;

  import(rows: readonly ContactCard[], policy: MergePolicy, pieces: number): RowOutcome[] {
    const touched = new Set<string>();
    const outcomes: RowOutcome[] = [];
    for (let first = 0; first < rows.length; first += pieces) {
      const known = this.stored.map(({ id, card, seqs }): KnownContact => ({
        id,
        card,
        touched: touched.has(id),
        numberSeqs: seqs,
      }));
      const newId = () => `id ${(this.#ids += 1)}`;
      const merged = mergeRows(rows.slice(first, first + pieces), known, { policy, newId });
      outcomes.push(...merged.outcomes);
      for (const { id, card, isNew } of merged.contacts) {
        touched.add(id);
        if (isNew) this.stored.push({ id, card, seqs: [] });
        const place = this.stored.find((each) => each.id === id);
        if (place === undefined) throw new Error('a contact that is neither new nor known');
        place.card = card;
      }
      // Numbers of a contact are appended, so each is stored at the end of its own.
      for (const { id } of merged.attached)
        this.stored.find((each) => each.id === id)?.seqs.push((this.#seqs += 1));
    }
    return outcomes;
  }

  get cards(): readonly ContactCard[] {
    return this.stored.map(({ card }) => card);
  }
}

const rowsArbitrary = fc.array(cardArbitrary, { maxLength: 12 });

it('the same file twice changes nothing, whatever it holds and whoever was there before', () => {
  fc.assert(
    fc.property(
      rowsArbitrary,
      rowsArbitrary,
      policyArbitrary,
      fc.integer({ min: 1, max: 5 }),
      (before, rows, policy, pieces) => {
        const shelf = new Shelf();
        shelf.import(before, 'fill', 100);
        shelf.import(rows, policy, pieces);
        const once = structuredClone(shelf.stored);
        const again = shelf.import(rows, policy, pieces);
        expect(shelf.stored).toEqual(once);
        expect(again.filter((outcome) => outcome === 'created')).toEqual([]);
        if (policy === 'fill') expect(again.filter((outcome) => outcome === 'updated')).toEqual([]);
      },
    ),
    { numRuns: 3_000 },
  );
});

it('nothing that is said is lost: each number and address of a row has a contact', () => {
  fc.assert(
    fc.property(rowsArbitrary, fc.constantFrom('update' as const, 'fill' as const), (rows, policy) => {
      const shelf = new Shelf();
      shelf.import(rows, policy, 100);
      for (const { email, numbers } of rows) {
        const reached = shelf.cards.filter(
          (card) =>
            (email === null || card.email === email) &&
            numbers.every(({ number }) => card.numbers.some((each) => each.number === number)),
        );
        expect(reached.length).toBeGreaterThan(0);
      }
    }),
  );
});

const card = (wishes: Partial<ContactCard>): ContactCard => ({
  name: null,
  company: null,
  email: null,
  tags: [],
  notes: null,
  numbers: [],
  ...wishes,
});
const numbers = (...given: string[]) => given.map((number) => ({ number, label: null }));
const known = (wishes: Partial<ContactCard>, touched = false): KnownContact => {
  const full = card(wishes);
  return { id: 'known', card: full, touched, numberSeqs: full.numbers.map((_, index) => index) };
};
const options = (policy: MergePolicy) => ({ policy, newId: () => 'new' });

it('colleagues who share a number are two, and somebody without an address is whoever had the number first', () => {
  const rows = [
    card({ name: 'Ada', email: 'ada@x.org', numbers: numbers('+49301') }),
    card({ name: 'Bob', email: 'bob@x.org', numbers: numbers('+49301') }),
    card({ notes: 'rang', numbers: numbers('+49301') }),
  ];
  const shelf = new Shelf();
  expect(shelf.import(rows, 'update', 1)).toEqual(['created', 'created', 'updated']);
  expect(shelf.cards.map(({ name, notes }) => [name, notes])).toEqual([
    ['Ada', 'rang'],
    ['Bob', null],
  ]);
});

it.each([
  ['skip', 'skipped', 'Ada', null],
  ['fill', 'updated', 'Ada', 'Acme'],
  ['update', 'updated', 'Ada Lovelace', 'Acme'],
] as const)('%s leaves a contact that is known: %s', (policy, outcome, name, company) => {
  const rows = [card({ name: 'Ada Lovelace', company: 'Acme', numbers: numbers('+491') })];
  const before = known({ name: 'Ada', notes: 'kept', numbers: numbers('+491', '+492') });
  const { outcomes, contacts } = mergeRows(rows, [before], options(policy));
  expect(outcomes).toEqual([outcome]);
  expect(contacts).toEqual([
    {
      id: 'known',
      isNew: false,
      isChanged: policy !== 'skip',
      card: card({ name, company, notes: 'kept', numbers: numbers('+491', '+492') }),
    },
  ]);
});

it('a contact takes no more numbers than it may have, and keeps those that it has', () => {
  const many = Array.from({ length: contactBounds.numbersMax }, (_, index) => `+49${index}`);
  const rows = [card({ numbers: numbers('+490', '+4999') })];
  const { contacts, outcomes } = mergeRows(rows, [known({ numbers: numbers(...many) })], options('update'));
  expect(outcomes).toEqual(['unchanged']);
  expect(contacts[0]?.isChanged).toBe(false);
});

it('two cards are the same when all of them is', () => {
  fc.assert(
    fc.property(cardArbitrary, cardArbitrary, (one, other) => {
      expect(isSameCard(one, structuredClone(one))).toBe(true);
      expect(isSameCard(one, other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
});

it('who was first with a number is first the next time, though somebody met earlier got it later in the same piece', () => {
  const rows = [
    card({ email: 'b@x.org' }),
    card({ tags: ['vip'], numbers: numbers('+491') }),
    card({ email: 'b@x.org', numbers: numbers('+491') }),
  ];
  const shelf = new Shelf();
  shelf.import(rows, 'fill', 3);
  const once = structuredClone(shelf.stored);
  expect(shelf.import(rows, 'fill', 3)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  expect(shelf.stored).toEqual(once);
});
