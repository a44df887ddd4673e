import type { ContactCard } from '../contact.ts';
import { fillBlanks, isSameCard, update } from './merge-cards.ts';

/** What becomes of a contact that a row of a file speaks of. */
export const mergePolicies = ['skip', 'update', 'fill'] as const;
export type MergePolicy = (typeof mergePolicies)[number];

export type RowOutcome = 'created' | 'updated' | 'unchanged' | 'skipped';

/** A contact that is known already and may be one that a row speaks of. */
export interface KnownContact {
  readonly id: string;
  readonly card: ContactCard;
  /** An earlier row of this import was about it. */
  readonly touched: boolean;
  /** Of each of its numbers, when it got it: a lower one is earlier. */
  readonly numberSeqs: readonly number[];
}

export interface MergedContact {
  readonly id: string;
  readonly card: ContactCard;
  readonly isNew: boolean;
  /** It differs from what is stored. */
  readonly isChanged: boolean;
}

export interface MergedRows {
  /** Of each row, in their order. */
  readonly outcomes: readonly RowOutcome[];
  /** Those that rows were about, in the order of their first rows. */
  readonly contacts: readonly MergedContact[];
  /** Who got which number, in the order in which they got it: stored in another one, others would be first the next time. */
  readonly attached: readonly { readonly id: string; readonly number: string }[];
}

export interface MergeOptions {
  readonly policy: MergePolicy;
  readonly newId: () => string;
}

/**
 * Merges rows into contacts, one after the other. A row is about the contact that has its e-mail address; else about the one that was the first
 * to have the first of its numbers that anybody has, unless both have addresses and these differ: colleagues share numbers. Who was first
 * with a number does not change when others get it, so that the same rows find the same contacts again.
 *
 * The first row about a contact decides by the policy; what comes again in the same file only adds. So a file that names somebody twice
 * says the same however often it is imported, and by pieces of any size.
 */
export function mergeRows(
  rows: readonly ContactCard[],
  known: readonly KnownContact[],
  { policy, newId }: MergeOptions,
): MergedRows {
  const book = new Book(known);
  const outcomes = rows.map((said): RowOutcome => {
    const entry = book.find(said);
    if (entry === undefined) {
      book.add({ id: newId(), card: said, stored: null, touched: true });
      return 'created';
    }
    const isFirst = !entry.touched;
    entry.touched = true;
    book.meet(entry);
    if (policy === 'skip') return 'skipped';
    const merged = policy === 'update' && isFirst ? update(entry.card, said) : fillBlanks(entry.card, said);
    if (isSameCard(merged, entry.card)) return 'unchanged';
    book.change(entry, merged);
    return 'updated';
  });
  const contacts = book.met.map(({ id, card, stored }) => ({
    id,
    card,
    isNew: stored === null,
    isChanged: stored === null || !isSameCard(stored, card),
  }));
  return { outcomes, contacts, attached: book.attached };
}

interface Entry {
  readonly id: string;
  card: ContactCard;
  /** Null for one that is not stored yet. */
  readonly stored: ContactCard | null;
  touched: boolean;
}

/** Contacts by address and number, of each number in the order in which they got it. */
class Book {
  readonly #byEmail = new Map<string, Entry>();
  readonly #byNumber = new Map<string, Entry[]>();
  readonly #met = new Set<Entry>();
  readonly attached: { readonly id: string; readonly number: string }[] = [];

  constructor(known: readonly KnownContact[]) {
    const places: { readonly number: string; readonly seq: number; readonly entry: Entry }[] = [];
    for (const { id, card, touched, numberSeqs } of known) {
      const entry: Entry = { id, card, stored: card, touched };
      if (card.email !== null && !this.#byEmail.has(card.email)) this.#byEmail.set(card.email, entry);
      for (const [index, { number }] of card.numbers.entries())
        places.push({ number, seq: numberSeqs[index] ?? 0, entry });
    }
    places.sort((one, other) => one.seq - other.seq);
    for (const { number, entry } of places) this.#place(number, entry);
  }

  get met(): readonly Entry[] {
    return [...this.#met];
  }

  find({ email, numbers }: ContactCard): Entry | undefined {
    const byEmail = email === null ? undefined : this.#byEmail.get(email);
    if (byEmail !== undefined) return byEmail;
    for (const { number } of numbers) {
      const found = this.#byNumber.get(number)?.find(({ card }) => email === null || card.email === null);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  add(entry: Entry): void {
    this.meet(entry);
    const { email, numbers } = entry.card;
    if (email !== null) this.#byEmail.set(email, entry);
    for (const { number } of numbers) this.#attach(number, entry);
  }

  meet(entry: Entry): void {
    this.#met.add(entry);
  }

  change(entry: Entry, card: ContactCard): void {
    const had = new Set(entry.card.numbers.map(({ number }) => number));
    entry.card = card;
    if (card.email !== null && !this.#byEmail.has(card.email)) this.#byEmail.set(card.email, entry);
    for (const { number } of card.numbers) if (!had.has(number)) this.#attach(number, entry);
  }

  #attach(number: string, entry: Entry): void {
    this.attached.push({ id: entry.id, number });
    this.#place(number, entry);
  }

  #place(number: string, entry: Entry): void {
    const entries = this.#byNumber.get(number);
    if (entries === undefined) this.#byNumber.set(number, [entry]);
    else entries.push(entry);
  }
}
