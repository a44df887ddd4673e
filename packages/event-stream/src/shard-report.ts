import type { Logger } from '@trunkline/service-kit';
import type { BatchOutcome, CommittedBatch } from './batch-transaction.ts';
import { entryIdMs } from './entry-id.ts';
import type { EntryId } from './entry-id.ts';
import type { FailedBatch, Setback } from './setbacks.ts';
import { lagOf } from './stream-audit.ts';
import type { ConsumerMetrics } from './stream-metrics.ts';

/** What happens to a shard, told once: in metrics, in the log and for the status. */
export class ShardReport {
  readonly #group: string;
  readonly #shard: number;
  readonly #metrics: ConsumerMetrics;
  readonly #log: Logger;
  lag = 0;
  oldestUnreadMs = 0;
  lastBatchAt: Date | null = null;

  constructor(group: string, shard: number, metrics: ConsumerMetrics, log: Logger) {
    this.#group = group;
    this.#shard = shard;
    this.#metrics = metrics;
    this.#log = log;
  }

  unread(lag: number, oldest: EntryId | null): void {
    const labels = { group: this.#group, shard: this.#shard };
    this.lag = lag;
    this.oldestUnreadMs = oldest === null ? 0 : Math.max(0, Date.now() - entryIdMs(oldest));
    this.#metrics.lag.set(labels, lag);
    this.#metrics.oldestUnread.set(labels, this.oldestUnreadMs / 1_000);
  }

  committed(batch: CommittedBatch, tookMs: number): void {
    this.lastBatchAt = new Date();
    this.#countEntries(batch);
    this.#metrics.batchEntries.observe({ group: this.#group }, batch.taken);
    this.#metrics.batchSeconds.observe({ group: this.#group }, tookMs / 1_000);
    this.unread(
      lagOf(batch.read.facts, batch.offset.entriesRead),
      batch.read.entries[batch.taken]?.[0] ?? null,
    );
    if (batch.takenOver) {
      this.#metrics.takeovers.inc({ group: this.#group });
      this.#log.info('took over a shard');
    }
    if (batch.parked > 0) this.#log.error({ entries: batch.parked }, 'entries became dead letters');
    if (batch.resyncs.length > 0 || batch.trimmedUnread > 0) this.#tellLoss(batch);
  }

  reset({ resyncs }: Extract<BatchOutcome, { kind: 'reset' }>): void {
    this.#metrics.resets.inc({ group: this.#group });
    this.#metrics.resyncs.inc({ group: this.#group, reason: 'reset' }, resyncs);
    this.#log.warn({ resyncs }, 'the stream began anew; reading it from the start');
  }

  failed({ kind, level, failuresInRow }: Setback, batch: FailedBatch | null, error: unknown): void {
    if (batch !== null) this.#metrics.failures.inc({ group: this.#group, kind });
    const detail = { kind, failuresInRow, entries: batch?.entries ?? 0, err: error };
    this.#log[level](
      detail,
      kind === 'poison' ? 'a batch failed on its data' : 'a batch failed, trying again',
    );
  }

  evicted(sessions: number): void {
    this.#log.warn({ sessions }, 'ended a session that held the shard and had fallen silent');
  }

  #countEntries({ taken, wanted, duplicates, parked }: CommittedBatch): void {
    const counts = { applied: wanted, duplicate: duplicates, dead_letter: parked };
    const skipped = taken - wanted - duplicates - parked;
    for (const [outcome, count] of Object.entries({ ...counts, skipped })) {
      if (count > 0) this.#metrics.entries.inc({ group: this.#group, outcome }, count);
    }
  }

  #tellLoss({ gapEntries, trimmedUnread, resyncs }: CommittedBatch): void {
    const group = this.#group;
    if (gapEntries > 0) this.#metrics.gapEntries.inc({ group }, gapEntries);
    if (trimmedUnread > 0) this.#metrics.trimmedUnread.inc({ group }, trimmedUnread);
    for (const { reason } of resyncs) this.#metrics.resyncs.inc({ group, reason });
    this.#log.warn({ gapEntries, trimmedUnread, resyncs: resyncs.length }, 'asked for snapshots');
  }
}
