import type { Logger } from '@trunkline/service-kit';
import type { BatchOutcome, CommittedBatch } from './batch-transaction.ts';
import { entryIdMs } from './entry-id.ts';
import type { EntryId } from './entry-id.ts';
import type { FailedBatch, Setback } from './setbacks.ts';
import { lagOf } from './stream-audit.ts';
import type { ConsumerMetrics } from './stream-metrics.ts';

/** What happens to a shard, told once: in metrics, in the log and for the status. */
export class ShardReport {
  readonly group: string;
  readonly shard: number;
  readonly #metrics: ConsumerMetrics;
  readonly #log: Logger;
  lag = 0;
  /** Since when something is unread behind which offset; null while nothing is. */
  #unread: { readonly after: EntryId; readonly sinceMs: number } | null = null;
  lastBatchAt: Date | null = null;

  constructor(group: string, shard: number, metrics: ConsumerMetrics, log: Logger) {
    this.group = group;
    this.shard = shard;
    this.#metrics = metrics;
    this.#log = log;
  }

  begin(): void {
    this.#metrics.reports.add(this);
  }

  /** What this replica last knew of the shard is told no more. */
  end(): void {
    this.#metrics.reports.delete(this);
  }

  /** Grows while nothing moves, whatever keeps the shard from being served. */
  get oldestUnreadMs(): number {
    return this.#unread === null ? 0 : Math.max(0, Date.now() - this.#unread.sinceMs);
  }

  drained(): void {
    this.lag = 0;
    this.#unread = null;
  }

  /**
   * There are entries after an offset. Whoever has not read them knows no age: it counts from when it first saw that this
   * offset lags behind.
   */
  unread(lag: number, after: EntryId, oldest: EntryId | null): void {
    this.lag = lag;
    const known = this.#unread?.after === after ? this.#unread.sinceMs : Date.now();
    this.#unread = { after, sinceMs: oldest === null ? known : entryIdMs(oldest) };
  }

  committed(batch: CommittedBatch, tookMs: number): void {
    this.lastBatchAt = new Date();
    this.#countEntries(batch);
    this.#metrics.batchEntries.observe({ group: this.group }, batch.taken);
    this.#metrics.batchSeconds.observe({ group: this.group }, tookMs / 1_000);
    const oldest = batch.read.entries[0]?.[0];
    if (oldest !== undefined) {
      const delayMs = Math.max(0, Date.now() - entryIdMs(oldest));
      this.#metrics.commitDelay.observe({ group: this.group }, delayMs / 1_000);
    }
    const lag = lagOf(batch.read.facts, batch.offset.entriesRead);
    if (lag === 0) this.drained();
    else this.unread(lag, batch.offset.lastId, batch.read.entries[batch.taken]?.[0] ?? null);
    if (batch.takenOver) {
      this.#metrics.takeovers.inc({ group: this.group });
      this.#log.info('took over a shard');
    }
    if (batch.parked > 0) this.#log.error({ entries: batch.parked }, 'entries became dead letters');
    if (batch.resyncs.length > 0 || batch.trimmedUnread > 0) this.#tellLoss(batch);
  }

  reset({ resyncs }: Extract<BatchOutcome, { kind: 'reset' }>): void {
    this.#metrics.resets.inc({ group: this.group });
    this.#metrics.resyncs.inc({ group: this.group, reason: 'reset' }, resyncs);
    this.#log.warn({ resyncs }, 'the stream began anew; reading it from the start');
  }

  failed({ kind, level, failuresInRow }: Setback, batch: FailedBatch | null, error: unknown): void {
    if (batch !== null) this.#metrics.failures.inc({ group: this.group, kind });
    const detail = { kind, failuresInRow, entries: batch?.entries ?? 0, err: error };
    this.#log[level](
      detail,
      kind === 'poison' ? 'a batch failed on its data' : 'a batch failed, trying again',
    );
  }

  /** Somebody else serves the shard that we took for ours, and nothing of the batch was written. */
  fenced(): void {
    this.#metrics.fenced.inc({ group: this.group });
  }

  evicted(sessions: number): void {
    this.#log.warn({ sessions }, 'ended a session that held the shard and had fallen silent');
  }

  #countEntries({ taken, wanted, duplicates, parked }: CommittedBatch): void {
    const counts = { applied: wanted, duplicate: duplicates, dead_letter: parked };
    const skipped = taken - wanted - duplicates - parked;
    for (const [outcome, count] of Object.entries({ ...counts, skipped })) {
      if (count > 0) this.#metrics.entries.inc({ group: this.group, outcome }, count);
    }
  }

  #tellLoss({ gapEntries, trimmedUnread, resyncs }: CommittedBatch): void {
    const group = this.group;
    if (gapEntries > 0) this.#metrics.gapEntries.inc({ group }, gapEntries);
    if (trimmedUnread > 0) this.#metrics.trimmedUnread.inc({ group }, trimmedUnread);
    for (const { reason } of resyncs) this.#metrics.resyncs.inc({ group, reason });
    this.#log.warn({ gapEntries, trimmedUnread, resyncs: resyncs.length }, 'asked for snapshots');
  }
}
