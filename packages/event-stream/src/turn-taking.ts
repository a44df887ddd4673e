import { withDeadline } from '@trunkline/service-kit';
import { BEFORE_FIRST } from './entry-id.ts';
import type { EntryId } from './entry-id.ts';
import { waitBeforeServing } from './head-start.ts';
import type { OffsetBoard } from './offset-board.ts';
import type { Offset, OffsetStore } from './offset-store.ts';
import type { SqlTransaction, Transactions } from './ports.ts';
import type { ShardReport } from './shard-report.ts';
import { lagOf } from './stream-audit.ts';
import type { StreamReader } from './stream-reader.ts';
import { pause } from './waiting.ts';
import type { WakeUp } from './wake-up.ts';

export interface TurnTakingSettings {
  readonly headStartMs: number;
  readonly lookAgainMs: number;
  /** How long PostgreSQL waits for the next statement of a batch before it takes the shard away. */
  readonly idleInTransactionMs: number;
  readonly batchEntriesMax: number;
}

export interface TurnTakingParts<Tx extends SqlTransaction> {
  readonly shard: number;
  readonly replica: string;
  readonly settings: TurnTakingSettings;
  readonly board: OffsetBoard<Tx>;
  readonly offsets: OffsetStore;
  readonly transactions: Transactions<Tx>;
  readonly reader: StreamReader;
  readonly wakeUp: WakeUp;
  readonly report: ShardReport;
  readonly stopping: AbortSignal;
}

/** What a look told: the offset, and whether there is something to read after it. */
export interface Glance {
  readonly offset: Offset;
  readonly unread: boolean;
  readonly lag: number;
}

/** A replica that is locked out this much longer than the lock can be held idle, looks who holds it. */
const EVICT_MARGIN_MS = 500;

/** While its own link is bad, a replica asks for the lock this many times less often than the others. */
const HINDERED_FACTOR = 4;

/** How replicas keep out of each other's way. Only ever a matter of when to try: the lock alone decides who serves. */
export class TurnTaking<Tx extends SqlTransaction> {
  readonly #parts: TurnTakingParts<Tx>;
  #hinderedUntilMs = 0;
  #unread: { readonly lastId: EntryId; readonly sinceMs: number } | null = null;

  constructor(parts: TurnTakingParts<Tx>) {
    this.#parts = parts;
  }

  async look(): Promise<Glance> {
    const { board, reader, shard, report } = this.#parts;
    const [offset, facts] = await Promise.all([board.look(shard), reader.facts(shard)]);
    const unread = facts === null ? offset.lastId !== BEFORE_FIRST : facts.lastGeneratedId !== offset.lastId;
    const lag = unread ? lagOf(facts, offset.entriesRead) : 0;
    if (unread) report.unread(lag, offset.lastId, null);
    else report.drained();
    return { offset, unread, lag };
  }

  /** True when this replica may try the lock now; false when it is time to look again. */
  async waitForTurn({ offset, unread, lag }: Glance): Promise<boolean> {
    const { replica, settings, stopping } = this.#parts;
    const { headStartMs, batchEntriesMax } = settings;
    if (!unread) {
      await this.#waitForEntries(offset);
      return false;
    }
    const nowMs = performance.now();
    if (this.#unread?.lastId !== offset.lastId) this.#unread = { lastId: offset.lastId, sinceMs: nowMs };
    const outlook = {
      nowMs,
      servedBy: offset.servedBy,
      unreadSinceMs: this.#unread.sinceMs,
      lag,
      hinderedUntilMs: this.#hinderedUntilMs,
    };
    const waitMs = waitBeforeServing(outlook, { replica, headStartMs, backlogEntries: 2 * batchEntriesMax });
    if (waitMs === 0) return true;
    await pause(waitMs + (Math.random() * headStartMs) / 4, stopping);
    return false;
  }

  /** Somebody holds the shard. If its offset stands still for too long, the holder is looked at as well. */
  async waitForLock(): Promise<void> {
    const { settings, stopping } = this.#parts;
    const lockedOutMs = this.#unread === null ? 0 : performance.now() - this.#unread.sinceMs;
    if (lockedOutMs > settings.idleInTransactionMs + EVICT_MARGIN_MS) await this.#evictSilent();
    const hindered = this.#hinderedUntilMs > 0;
    await pause(settings.lookAgainMs * (1 + Math.random()) * (hindered ? HINDERED_FACTOR : 1), stopping);
  }

  /**
   * After a failure that is no entry's fault: whose link is bad steps back behind the others, or it would take the shard
   * again and again to drop it again.
   */
  stepBack(): void {
    this.#hinderedUntilMs = performance.now() + 2 * this.#parts.settings.headStartMs;
  }

  served(): void {
    this.#hinderedUntilMs = 0;
  }

  async #waitForEntries({ lastId, servedBy }: Offset): Promise<void> {
    const { wakeUp, settings, replica, stopping } = this.#parts;
    this.#unread = null;
    const woken = await wakeUp.wait(lastId, stopping);
    if (!woken) return;
    this.#unread = { lastId, sinceMs: performance.now() };
    // Whoever served last goes at once; waiting here spares the others a look at each event.
    if (servedBy === null || servedBy === replica) return;
    await pause(settings.headStartMs * (1 + Math.random() / 4), stopping);
  }

  async #evictSilent(): Promise<void> {
    const { transactions, offsets, shard, settings, report } = this.#parts;
    const { idleInTransactionMs } = settings;
    const eviction = transactions.run((tx) => offsets.evictSilent(tx, shard, idleInTransactionMs));
    const sessions = await withDeadline(eviction, idleInTransactionMs, 'ending a silent session');
    if (sessions > 0) report.evicted(sessions);
  }
}
