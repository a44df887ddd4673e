import { assertNever, withDeadline } from '@trunkline/service-kit';
import type { Logger } from '@trunkline/service-kit';
import { workBatch } from './batch-transaction.ts';
import type { BatchContext, BatchOutcome, CommittedBatch } from './batch-transaction.ts';
import { BEFORE_FIRST, compareEntryIds } from './entry-id.ts';
import type { EntryId } from './entry-id.ts';
import type { OffsetBoard } from './offset-board.ts';
import type { Offset } from './offset-store.ts';
import type { SqlTransaction, Transactions } from './ports.ts';
import { RelayQueue } from './relay-queue.ts';
import { Setbacks } from './setbacks.ts';
import type { FailedBatch, SetbackSettings } from './setbacks.ts';
import { ShardReport } from './shard-report.ts';
import type { Slots } from './slots.ts';
import { auditRead, lagOf, UNALIGNED } from './stream-audit.ts';
import type { ConsumerMetrics } from './stream-metrics.ts';
import type { StreamRead, StreamReader } from './stream-reader.ts';
import { TurnTaking } from './turn-taking.ts';
import type { TurnTakingSettings } from './turn-taking.ts';
import { pause } from './waiting.ts';
import type { WakeUp } from './wake-up.ts';
import { WindowCache } from './window-cache.ts';

export interface ShardServerSettings extends SetbackSettings, TurnTakingSettings {
  /** How many batches of a shard before another may have the slot. */
  readonly batchesPerTurn: number;
  /** After this a batch is left to itself: its connection is as good as dead, and the lock makes it harmless. */
  readonly transactionMsMax: number;
}

export interface ShardServerParts<Payload, Tx extends SqlTransaction> {
  readonly batch: BatchContext<Payload, Tx>;
  readonly settings: ShardServerSettings;
  readonly transactions: Transactions<Tx>;
  readonly reader: StreamReader;
  readonly wakeUp: WakeUp;
  readonly board: OffsetBoard<Tx>;
  readonly slots: Slots;
  readonly metrics: ConsumerMetrics;
  readonly log: Logger;
  /** Ends the loop between two batches; the batch's own signal, later, ends the batch. */
  readonly stopping: AbortSignal;
  onProgress(): void;
}

export interface ShardStatus {
  readonly shard: number;
  readonly lastId: EntryId;
  readonly entriesRead: number | null;
  readonly lag: number;
  readonly oldestUnreadMs: number;
  readonly servedBy: string | null;
  /** True while this replica takes the shard for its own. */
  readonly mine: boolean;
  readonly lastBatchAt: Date | null;
  /** Null when the last thing that was tried went well. */
  readonly failing: { readonly kind: string; readonly message: string; readonly at: Date } | null;
}

type TurnEnd = 'drained' | 'more' | 'locked' | 'not-ours';

/** What a failure has to be judged by: how far the batch had come. */
interface Attempt {
  batch: FailedBatch | null;
}

/** A batch whose commit is under way; should the answer be lost, the offset tells what became of it. */
interface Unsettled {
  readonly batch: CommittedBatch;
  readonly tookMs: number;
}

/**
 * Serves one shard for one replica, in a loop that only the signal ends:
 *
 * - while the shard is this replica's (it moved the offset last): wait for an entry, then take a turn at once;
 * - while it is somebody else's: look at the offset after a head start, and take a turn when the offset stands still
 *   before unread entries, or when there is a backlog to share.
 *
 * A turn is up to `batchesPerTurn` batches, each in its own transaction, the next one read while this one commits.
 * Nothing remembered here is trusted: the lock and the locked row decide. So every failure has one answer, which is to
 * forget everything and come back.
 */
export class ShardServer<Payload, Tx extends SqlTransaction> {
  readonly #shard: number;
  readonly #parts: ShardServerParts<Payload, Tx>;
  readonly #setbacks: Setbacks;
  readonly #report: ShardReport;
  readonly #relay: RelayQueue;
  readonly #turns: TurnTaking<Tx>;
  #known: Offset;
  #mine = false;
  #windows = new WindowCache();
  #ahead: Promise<StreamRead> | null = null;
  #unsettled: Unsettled | null = null;

  constructor(shard: number, parts: ShardServerParts<Payload, Tx>) {
    const { batch, metrics, settings } = parts;
    const log = parts.log.child({ shard });
    this.#shard = shard;
    this.#parts = parts;
    this.#setbacks = new Setbacks(settings);
    this.#report = new ShardReport(batch.group, shard, metrics, log);
    this.#relay = new RelayQueue(log);
    const { replica, offsets } = batch;
    this.#turns = new TurnTaking({ ...parts, shard, replica, offsets, report: this.#report });
    this.#known = { shard, lastId: BEFORE_FIRST, entriesRead: UNALIGNED, servedBy: null, servedAt: null };
  }

  async run(): Promise<void> {
    const { stopping } = this.#parts;
    this.#report.begin();
    while (!stopping.aborted) {
      this.#parts.onProgress();
      const attempt: Attempt = { batch: null };
      try {
        await this.#step(attempt);
      } catch (error) {
        if (stopping.aborted) break;
        await this.#stepBack(error, attempt.batch);
      }
    }
    await this.#relay.settled();
    this.#report.end();
  }

  status(): ShardStatus {
    const { lastId, entriesRead, servedBy } = this.#known;
    const { lag, oldestUnreadMs, lastBatchAt } = this.#report;
    return {
      shard: this.#shard,
      lastId,
      entriesRead: entriesRead === UNALIGNED ? null : entriesRead,
      lag,
      oldestUnreadMs,
      servedBy,
      mine: this.#mine,
      lastBatchAt,
      failing: this.#setbacks.last,
    };
  }

  async #step(attempt: Attempt): Promise<void> {
    const { wakeUp, slots, stopping } = this.#parts;
    const entitled = !this.#mine;
    if (!this.#mine && !(await this.#waitForTurn())) return;
    const end = await slots.use(() => this.#turn(entitled, attempt));
    if (end === 'drained') await wakeUp.wait(this.#known.lastId, stopping);
    if (end === 'locked') await this.#turns.waitForLock();
  }

  async #waitForTurn(): Promise<boolean> {
    const glance = await this.#turns.look();
    this.#known = glance.offset;
    this.#settle(glance.offset);
    if (!glance.unread) this.#wentWell(0);
    return await this.#turns.waitForTurn(glance);
  }

  async #turn(entitled: boolean, attempt: Attempt): Promise<TurnEnd> {
    const { reader, settings, stopping } = this.#parts;
    for (let count = 0; count < settings.batchesPerTurn && !stopping.aborted; count++) {
      this.#parts.onProgress();
      attempt.batch = null;
      const ahead = this.#ahead ?? reader.read(this.#shard, this.#known.lastId, this.#setbacks.sizer.size);
      this.#ahead = null;
      const read = await ahead;
      if (this.#nothingToDo(read)) {
        this.#mine = true;
        this.#report.drained();
        this.#wentWell(0);
        return 'drained';
      }
      const end = await this.#transact(read, entitled && count === 0, attempt);
      if (end !== 'more') return end;
    }
    return 'more';
  }

  /** Seen from the offset that is remembered. Should that be out of date, whoever moved it has done what was to do. */
  #nothingToDo(read: StreamRead): boolean {
    if (read.entries.length > 0 || read.after !== this.#known.lastId) return false;
    return auditRead({ ...read, entries: 0 }, this.#known.entriesRead).kind === 'sound';
  }

  async #transact(read: StreamRead, entitled: boolean, attempt: Attempt): Promise<TurnEnd> {
    const { batch, settings, transactions, reader } = this.#parts;
    const { sizer, park, resyncParked } = this.#setbacks;
    const startedAt = performance.now();
    const oldest = read.entries[0]?.[0];
    // Before the batch and not only after it: should nothing be committed, the age has to grow from here.
    if (oldest !== undefined)
      this.#report.unread(lagOf(read.facts, this.#known.entriesRead), read.after, oldest);
    const doubtful = this.#unsettled;
    const task = {
      shard: this.#shard,
      windows: this.#windows,
      read,
      entitled,
      park,
      resyncParked,
      reread: async (after: EntryId) => {
        this.#ahead = null;
        return await reader.read(this.#shard, after, sizer.size);
      },
      onEnd: (taken: StreamRead, end: EntryId) => this.#readAhead(taken, end),
      onTaken: (first: EntryId, entries: number) => {
        attempt.batch = { first, entries };
      },
    };
    const work = transactions.run(async (tx) => {
      const outcome = await workBatch(batch, task, tx);
      if (outcome.kind === 'committed') {
        // Under the lock it is certain whether the last commit, whose answer never came, was carried out.
        if (doubtful !== null && !outcome.takenOver)
          this.#settle({ ...outcome.offset, lastId: outcome.after });
        this.#unsettled = { batch: outcome, tookMs: performance.now() - startedAt };
      }
      return outcome;
    });
    const outcome = await withDeadline(work, settings.transactionMsMax, 'a batch');
    const tookMs = performance.now() - startedAt;
    // What follows this commit may overlap with the next batch, but not pile up behind what followed the last one.
    await this.#relay.settled();
    return this.#conclude(outcome, tookMs);
  }

  #readAhead(read: StreamRead, end: EntryId): void {
    const { reader } = this.#parts;
    if (read.reachedEnd || this.#setbacks.sizer.isolating) return;
    this.#ahead = reader.read(this.#shard, end, this.#setbacks.sizer.size);
    // A failure is met by whoever awaits it; when nobody does, it doesn't matter.
    this.#ahead.catch(() => undefined);
  }

  #conclude(outcome: BatchOutcome, tookMs: number): TurnEnd {
    switch (outcome.kind) {
      case 'locked':
        this.#letGo();
        return 'locked';
      case 'not-ours':
        this.#letGo();
        this.#report.fenced();
        this.#known = outcome.offset;
        return 'not-ours';
      case 'nothing':
        this.#known = outcome.offset;
        this.#report.drained();
        this.#mine = outcome.offset.servedBy === this.#parts.batch.replica;
        return 'drained';
      case 'reset':
        this.#letGo();
        this.#known = outcome.offset;
        this.#mine = true;
        this.#report.reset(outcome);
        return 'more';
      case 'committed':
        this.#unsettled = null;
        this.#mine = true;
        this.#known = outcome.offset;
        this.#windows.committed(outcome.offset.lastId, outcome.offset.entriesRead, outcome.windows);
        this.#wentWell(outcome.taken);
        this.#follow({ batch: outcome, tookMs });
        return outcome.read.reachedEnd && outcome.taken === outcome.read.entries.length ? 'drained' : 'more';
      default:
        return assertNever(outcome);
    }
  }

  #follow({ batch, tookMs }: Unsettled): void {
    this.#report.committed(batch, tookMs);
    if (batch.afterCommit !== null) this.#relay.add(batch.afterCommit);
  }

  /** Compares what is in doubt with the offset: there, it happened; beyond, somebody else's work hides it; before, not yet. */
  #settle(offset: Offset): void {
    const unsettled = this.#unsettled;
    if (unsettled === null) return;
    const order = compareEntryIds(offset.lastId, unsettled.batch.offset.lastId);
    if (order < 0) return;
    this.#unsettled = null;
    if (order === 0 && offset.servedBy === this.#parts.batch.replica) this.#follow(unsettled);
  }

  #wentWell(entries: number): void {
    this.#setbacks.succeeded(entries);
    this.#turns.served();
  }

  async #stepBack(error: unknown, failed: FailedBatch | null): Promise<void> {
    const { board, stopping } = this.#parts;
    this.#letGo();
    board.forget();
    const setback = this.#setbacks.failed(error, failed);
    this.#report.failed(setback, failed, error);
    await pause(setback.delayMs, stopping);
    if (setback.kind !== 'poison') this.#turns.stepBack();
  }

  #letGo(): void {
    this.#mine = false;
    this.#ahead = null;
    this.#windows = new WindowCache();
  }
}
