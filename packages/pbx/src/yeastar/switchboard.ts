import { assertNever } from '@trunkline/domain';
import type { PbxSnapshot, Said } from '../port/words.ts';
import { Dials } from './dials.ts';
import type { CallRecord, Meaning } from './frames.ts';
import { Legs } from './legs.ts';
import type { ListedCall } from './legs-options.ts';
import { Phones, type ListedExtension } from './phones.ts';

export interface SwitchboardOptions {
  readonly say: (word: Said) => void;
  readonly startOf: (call: string) => number | undefined;
  /** The PBX said that its list of extensions changed. */
  readonly onRosterChanged: () => void;
  readonly callsMax?: number;
}

export interface Listed {
  readonly calls: readonly ListedCall[];
  readonly extensions: readonly ListedExtension[];
}

interface Mark {
  readonly calls: number;
  readonly phones: number;
}

/** A row of the PBX's records, with the time of its end by our clock. */
export interface SearchedRecord {
  readonly record: CallRecord;
  readonly endedAt: number;
}

/** All that is known of one PBX: its calls and its phones. Meanings go in, words come out. */
export class Switchboard {
  readonly #legs: Legs;
  readonly #phones: Phones;
  readonly #onRosterChanged: () => void;
  readonly #dials = new Dials();
  #say: (word: Said) => void;

  constructor({ say, startOf, onRosterChanged, callsMax }: SwitchboardOptions) {
    this.#say = say;
    this.#onRosterChanged = onRosterChanged;
    const toSay = (word: Said): void => this.#say(word);
    this.#phones = new Phones(toSay);
    this.#legs = new Legs({
      say: toSay,
      startOf,
      nameOf: (number) => this.#phones.nameOf(number),
      isExtension: (number) => this.#phones.has(number),
      dialledFor: (call, members) => this.#dials.dialledFor(call, members),
      ...(callsMax === undefined ? {} : { callsMax }),
    });
  }

  get size() {
    return { ...this.#legs.size, phones: this.#phones.size };
  }

  hear(meaning: Meaning, at: number): void {
    switch (meaning.kind) {
      case 'members':
        return this.#legs.hearMembers(meaning.call, meaning.members, at);
      case 'failure':
        return this.#legs.hearFailure(meaning.call, meaning.reason, meaning.members, at);
      case 'record':
        return this.#legs.hearRecord(meaning.record, at);
      case 'registration':
      case 'phone':
      case 'presence':
        return this.#phones.hear(meaning, at);
      case 'roster':
        return this.#onRosterChanged();
      default:
        return assertNever(meaning);
    }
  }

  /** What is heard after the mark is newer than a list that is asked for now. */
  mark(): Mark {
    return { calls: this.#legs.mark(), phones: this.#phones.mark() };
  }

  adopt({ calls, extensions }: Listed, mark: Mark, at: number): PbxSnapshot {
    // Names come with the phones, and who rings or talks comes with the calls: names first, then calls, then phones.
    this.#phones.learnNames(extensions);
    const openCalls = this.#legs.adopt(calls, mark.calls, at);
    return {
      calls: openCalls,
      extensions: this.#phones.adopt(extensions, this.#legs.engagements(), mark.phones),
    };
  }

  /** The first list could not be had: what was held back is told as far as it is known. */
  settle(at: number): void {
    this.#legs.settle(at);
  }

  refreshRoster(extensions: readonly ListedExtension[], mark: Mark, at: number): void {
    this.#phones.refresh(extensions, mark.phones, at);
  }

  /**
   * What the PBX's own records tell of calls that are not open: words that were missed, and nothing told twice. Of a call
   * that ended while somebody listened its end was heard, with more than a record knows; only its recording may be news.
   */
  learnFromRecords(records: readonly SearchedRecord[], unheardSince: number, at: number): Said[] {
    const words: Said[] = [];
    const say = this.#say;
    try {
      for (const { record, endedAt } of records) {
        if (this.#legs.isOpen(record.call)) continue;
        const wasHeard = endedAt < unheardSince;
        this.#say = (word) => void (wasHeard && word.type !== 'recording.ready' ? null : words.push(word));
        this.#legs.hearRecord(record, at, endedAt);
      }
    } finally {
      this.#say = say;
    }
    return words;
  }

  /** Asks the PBX to dial, so that the asking extension's own answer is not taken for a conversation. */
  dial<Result extends { readonly call: string | null }>(
    extension: string,
    ask: () => Promise<Result>,
  ): Promise<Result> {
    return this.#dials.during(extension, ask);
  }
}
