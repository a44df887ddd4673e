import { compareOffsets } from '@trunkline/realtime-protocol';
import type { Entry } from './entry.ts';
import { isPhoneTopic } from './entry.ts';

export interface RingBounds {
  readonly entriesMax: number;
  /** Of payloads; an entry that is larger by itself is kept until the next one comes. */
  readonly lettersMax: number;
}

/** What the ring answers to a place that it can't reach back to. */
export const outOfReach = Symbol('out of reach');
export type OutOfReach = typeof outOfReach;

/**
 * The newest entries of one feed, in their order and by topic. It knows everything behind `floor`, and says so when it is asked
 * for more. Entries are named by their sequence: of the ring's own counting, so that it can grow at its old end.
 */
export class Ring {
  readonly epoch: string;
  #bounds: RingBounds;
  /** The offset behind which nothing is missing here. */
  #floor: string;
  #entries: Entry[] = [];
  #letters = 0;
  /** The sequence of the last entry that is gone. */
  #emptySequence: number;
  readonly #byTopic = new Map<string, Entry[]>();
  /** The index of what concerns every phone. */
  #forPhones: Entry[] = [];

  /** A ring that takes another one's place counts on from there, so that no entry of both is mistaken for the other's. */
  constructor(epoch: string, floor: string, bounds: RingBounds, floorSequence = 0) {
    this.epoch = epoch;
    this.#floor = floor;
    this.#bounds = bounds;
    this.#emptySequence = floorSequence;
  }

  get floor(): string {
    return this.#floor;
  }

  get letters(): number {
    return this.#letters;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The place of the newest entry. */
  get last(): string {
    return this.#entries.at(-1)?.offset ?? this.#floor;
  }

  /** The sequence of the newest entry; the next one's is one more. */
  get lastSequence(): number {
    return this.#entries.at(-1)?.sequence ?? this.#emptySequence;
  }

  /** The sequence below that of the oldest entry. */
  get floorSequence(): number {
    const [oldest] = this.#entries;
    return oldest === undefined ? this.#emptySequence : oldest.sequence - 1;
  }

  append(entry: Entry): void {
    this.#entries.push(entry);
    this.#letters += entry.letters;
    this.#index(entry, 'push');
    this.#shrink();
  }

  /**
   * Older entries, read from the stream, that follow one another without a gap from behind `floor` on. They may go beyond the
   * bounds until the next entry comes: those for whom they were read have taken what their sockets took by then.
   */
  prepend(entries: readonly Entry[], floor: string): void {
    for (const entry of entries.toReversed()) {
      this.#entries.unshift(entry);
      this.#letters += entry.letters;
      this.#index(entry, 'unshift');
    }
    this.#floor = floor;
  }

  bound(bounds: RingBounds): void {
    this.#bounds = bounds;
    this.#shrink();
  }

  /** The sequence of the last entry that does not lie behind this offset. */
  sequenceAt(offset: string): number | OutOfReach {
    if (compareOffsets(offset, this.#floor) < 0) return outOfReach;
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareOffsets(this.#entries[middle]?.offset ?? '', offset) <= 0) low = middle + 1;
      else high = middle;
    }
    return this.#entries[low - 1]?.sequence ?? this.floorSequence;
  }

  /** The offset of the entry with this sequence. */
  offsetAt(sequence: number): string | OutOfReach {
    if (sequence < this.floorSequence) return outOfReach;
    return this.#entries[sequence - this.floorSequence - 1]?.offset ?? this.#floor;
  }

  /** What was told in a topic behind a sequence: the oldest few. */
  since(topic: string, sequence: number, countMax: number): readonly Entry[] | OutOfReach {
    if (sequence < this.floorSequence) return outOfReach;
    const own = behind(this.#byTopic.get(topic) ?? [], sequence, countMax);
    if (!isPhoneTopic(topic) || this.#forPhones.length === 0) return own;
    const shared = behind(this.#forPhones, sequence, countMax);
    if (shared.length === 0) return own;
    const both = new Set([...own, ...shared]);
    return [...both].toSorted((one, other) => one.sequence - other.sequence).slice(0, countMax);
  }

  #index(entry: Entry, end: 'push' | 'unshift'): void {
    for (const topic of entry.topics) {
      const entries = this.#byTopic.get(topic);
      if (entries === undefined) this.#byTopic.set(topic, [entry]);
      else entries[end](entry);
    }
    if (entry.concernsEveryPhone) this.#forPhones[end](entry);
  }

  #shrink(): void {
    const { entriesMax, lettersMax } = this.#bounds;
    while (this.#entries.length > 1 && (this.#entries.length > entriesMax || this.#letters > lettersMax)) {
      const oldest = this.#entries.shift();
      if (oldest === undefined) return;
      this.#floor = oldest.offset;
      this.#emptySequence = oldest.sequence;
      this.#letters -= oldest.letters;
      this.#forget(oldest);
    }
  }

  #forget(oldest: Entry): void {
    for (const topic of oldest.topics) {
      const entries = this.#byTopic.get(topic);
      entries?.shift();
      if (entries?.length === 0) this.#byTopic.delete(topic);
    }
    if (oldest.concernsEveryPhone) this.#forPhones.shift();
  }
}

/** Entries are in the order of their sequences. */
function behind(entries: readonly Entry[], sequence: number, countMax: number): Entry[] {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.sequence ?? 0) <= sequence) low = middle + 1;
    else high = middle;
  }
  return entries.slice(low, low + countMax);
}
