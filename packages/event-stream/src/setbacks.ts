import { BatchSizer } from './batch-sizer.ts';
import type { EntryId } from './entry-id.ts';
import { classifyFailure, messageOf } from './failure.ts';
import type { FailureKind } from './failure.ts';
import { fullJitter } from './waiting.ts';

export interface SetbackSettings {
  readonly batchEntriesMax: number;
  /** How often an entry may fail alone before it is set aside. */
  readonly poisonAttemptsMax: number;
  readonly backoffBaseMs: number;
  readonly backoffMaxMs: number;
}

export interface Setback {
  readonly kind: FailureKind;
  readonly failuresInRow: number;
  readonly delayMs: number;
  readonly level: 'debug' | 'warn' | 'error';
}

/** The batch that failed: its first entry and how many there were; null where it did not come that far. */
export interface FailedBatch {
  readonly first: EntryId;
  readonly entries: number;
}

const POISON_BACKOFF_BASE_MS = 50;
const POISON_BACKOFF_MAX_MS = 500;
const WARN_FROM = 3;
const ERROR_FROM = 10;

/** The one place that decides what follows from a failed batch: how long to wait, how much to take, whom to set aside. */
export class Setbacks {
  readonly sizer: BatchSizer;
  readonly #settings: SetbackSettings;
  #failuresInRow = 0;
  #suspect: { entryId: EntryId; attempts: number; error: string } | null = null;
  #parkingFailed = false;
  last: { kind: FailureKind; message: string; at: Date } | null = null;

  constructor(settings: SetbackSettings) {
    this.#settings = settings;
    this.sizer = new BatchSizer(settings.batchEntriesMax);
  }

  /** The entry that failed alone often enough. */
  get park(): { entryId: EntryId; attempts: number; error: string } | null {
    const suspect = this.#suspect;
    return suspect !== null && suspect.attempts >= this.#settings.poisonAttemptsMax ? suspect : null;
  }

  /** False once even setting an entry aside failed: then it is done without asking for a snapshot. */
  get resyncParked(): boolean {
    return !this.#parkingFailed;
  }

  succeeded(entries: number): void {
    this.#failuresInRow = 0;
    this.#suspect = null;
    this.#parkingFailed = false;
    this.last = null;
    if (entries > 0) this.sizer.succeeded(entries);
  }

  failed(error: unknown, batch: FailedBatch | null): Setback {
    const kind = classifyFailure(error);
    this.#failuresInRow++;
    this.last = { kind, message: messageOf(error), at: new Date() };
    if (batch === null) return this.#waitLong(kind);
    if (kind === 'poison') return this.#poisoned(messageOf(error), batch);
    if (kind === 'slow') this.sizer.shrink(batch.entries);
    return this.#waitLong(kind);
  }

  #poisoned(error: string, batch: FailedBatch): Setback {
    const failuresInRow = this.#failuresInRow;
    if (this.park !== null) {
      this.#parkingFailed = true;
      return this.#waitLong('poison');
    }
    this.sizer.failed(batch.entries);
    if (batch.entries > 1) return { kind: 'poison', failuresInRow, delayMs: 0, level: 'warn' };
    const attempts = this.#suspect?.entryId === batch.first ? this.#suspect.attempts + 1 : 1;
    this.#suspect = { entryId: batch.first, attempts, error };
    const delayMs =
      this.park === null ? fullJitter(attempts, POISON_BACKOFF_BASE_MS, POISON_BACKOFF_MAX_MS) : 0;
    return { kind: 'poison', failuresInRow, delayMs, level: 'warn' };
  }

  #waitLong(kind: FailureKind): Setback {
    const { backoffBaseMs, backoffMaxMs } = this.#settings;
    const failures = this.#failuresInRow;
    const level = failures >= ERROR_FROM ? 'error' : failures >= WARN_FROM ? 'warn' : 'debug';
    return {
      kind,
      failuresInRow: failures,
      delayMs: fullJitter(failures, backoffBaseMs, backoffMaxMs),
      level,
    };
  }
}
