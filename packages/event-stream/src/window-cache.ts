import type { Entry, MalformedEntry } from './entry.ts';
import type { EntryId } from './entry-id.ts';
import type { Offset, OffsetStore, StoredWindow } from './offset-store.ts';
import type { SqlTransaction } from './ports.ts';
import { SequenceWindow } from './sequence-window.ts';

/** Beyond this many windows all are forgotten and read again as needed. */
const WINDOWS_MAX = 50_000;

/**
 * The sequence windows of one shard, kept between batches: only the holder of the shard's lock writes them, so they are
 * still true as long as the offset row says that the last to move it was this replica, to where this replica remembers.
 * They are changed in place while a batch is worked; whoever sees a batch fail throws the whole cache away.
 */
export class WindowCache {
  readonly #bySource = new Map<string, StoredWindow[]>();
  #count = 0;
  #asOf: { lastId: EntryId; entriesRead: number } | null = null;

  /** Forgets everything unless it is what the locked row stands for. */
  validate(offset: Offset, replica: string): void {
    const asOf = this.#asOf;
    const valid =
      asOf !== null &&
      offset.servedBy === replica &&
      offset.lastId === asOf.lastId &&
      offset.entriesRead === asOf.entriesRead;
    if (!valid || this.#count > WINDOWS_MAX) this.clear();
  }

  clear(): void {
    this.#bySource.clear();
    this.#count = 0;
    this.#asOf = null;
  }

  committed(lastId: EntryId, entriesRead: number, written: readonly StoredWindow[]): void {
    this.#asOf = { lastId, entriesRead };
    for (const stored of written) {
      stored.saved = { received: stored.window.received, duplicates: stored.window.duplicates };
    }
  }

  /** Makes sure that the window of every entry is at hand. */
  async load(
    tx: SqlTransaction,
    store: OffsetStore,
    entries: readonly (Entry | MalformedEntry)[],
  ): Promise<void> {
    const missing = this.#missing(entries);
    if (missing.length === 0) return;
    const stored = await store.readWindows(
      tx,
      missing.map(({ source }) => source),
      missing.map(({ epoch }) => epoch),
    );
    for (const window of stored) this.#put(window);
    for (const { source, epoch } of missing) {
      if (this.find(source, epoch) === null) {
        this.#put({ source, epoch, window: new SequenceWindow(), saved: null });
      }
    }
  }

  find(source: string, epoch: number): StoredWindow | null {
    const windows = this.#bySource.get(source);
    if (windows === undefined) return null;
    for (const stored of windows) if (stored.epoch === epoch) return stored;
    return null;
  }

  #missing(entries: readonly (Entry | MalformedEntry)[]): { source: string; epoch: number }[] {
    const missing = new Map<string, { source: string; epoch: number }>();
    for (const entry of entries) {
      if (entry.kind === 'malformed' || this.find(entry.source, entry.epoch) !== null) continue;
      missing.set(`${entry.epoch} ${entry.source}`, { source: entry.source, epoch: entry.epoch });
    }
    return [...missing.values()];
  }

  #put(stored: StoredWindow): void {
    const windows = this.#bySource.get(stored.source);
    if (windows === undefined) this.#bySource.set(stored.source, [stored]);
    else windows.push(stored);
    this.#count++;
  }
}
