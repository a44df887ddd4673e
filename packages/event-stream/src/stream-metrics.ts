import { COUNT_BUCKETS, defineMetrics } from '@trunkline/service-kit';
import type { Metrics, MetricsOf } from '@trunkline/service-kit';
import type { ShardReport } from './shard-report.ts';

const groups = 'the consumer groups';

export const entryOutcomes = ['applied', 'skipped', 'duplicate', 'dead_letter'] as const;

/** What a consumer measures. */
export const consumerCatalogue = defineMetrics({
  entries: {
    kind: 'counter',
    name: 'trunkline_stream_entries_total',
    help: 'Entries that the offset passed: applied, skipped (not wanted), duplicate or dead_letter.',
    labels: { group: groups, outcome: entryOutcomes.join(', ') },
  },
  gapEntries: {
    kind: 'counter',
    name: 'trunkline_stream_gap_entries_total',
    help: 'Sequence numbers that were missing when a later one came.',
    labels: { group: groups },
  },
  trimmedUnread: {
    kind: 'counter',
    name: 'trunkline_stream_trimmed_unread_entries_total',
    help: 'Entries that were cut from a stream before the group read them.',
    labels: { group: groups },
  },
  resyncs: {
    kind: 'counter',
    name: 'trunkline_stream_resync_requests_total',
    help: 'Snapshots asked for.',
    labels: { group: groups, reason: 'gap, trimmed, reset, dead-letter' },
  },
  resets: {
    kind: 'counter',
    name: 'trunkline_stream_resets_total',
    help: 'Times a stream began anew or went back in time.',
    labels: { group: groups },
  },
  takeovers: {
    kind: 'counter',
    name: 'trunkline_stream_takeovers_total',
    help: 'Times this replica took a shard from another.',
    labels: { group: groups },
  },
  fenced: {
    kind: 'counter',
    name: 'trunkline_stream_fenced_batches_total',
    help: 'Batches that were not written because another replica had taken the shard meanwhile.',
    labels: { group: groups },
  },
  failures: {
    kind: 'counter',
    name: 'trunkline_stream_batch_failures_total',
    help: 'Batches that failed: transient, slow or poison.',
    labels: { group: groups, kind: 'transient, slow, poison' },
  },
  lag: {
    kind: 'gauge',
    name: 'trunkline_stream_lag_entries',
    help: 'Entries after the offset.',
    labels: { group: groups, shard: 'the shards' },
  },
  oldestUnread: {
    kind: 'gauge',
    name: 'trunkline_stream_oldest_unread_age_seconds',
    help: 'Age of the oldest entry after the offset, as of the scrape. Replicas that do not serve the shard know a lower bound.',
    labels: { group: groups, shard: 'the shards' },
  },
  batchEntries: {
    kind: 'histogram',
    name: 'trunkline_stream_batch_entries',
    help: 'Entries in a committed batch.',
    labels: { group: groups },
    buckets: COUNT_BUCKETS,
  },
  batchSeconds: {
    kind: 'histogram',
    name: 'trunkline_stream_batch_seconds',
    help: 'One batch, from before the lock to after the commit.',
    labels: { group: groups },
  },
  commitDelay: {
    kind: 'histogram',
    name: 'trunkline_stream_commit_delay_seconds',
    help: 'From the moment Redis took an event until it was committed, of the oldest event of each batch.',
    labels: { group: groups },
  },
});

type Reports = Set<Pick<ShardReport, 'group' | 'shard' | 'lag' | 'oldestUnreadMs'>>;

export interface ConsumerMetrics extends MetricsOf<typeof consumerCatalogue> {
  /** Shards whose lag and age are read at a scrape, so that they stay true while nothing moves. */
  readonly reports: Reports;
}

const made = new WeakMap<Metrics, ConsumerMetrics>();

/** Two groups in one process share their metrics, and with them what is read at a scrape. */
export function consumerMetrics(metrics: Metrics): ConsumerMetrics {
  const known = made.get(metrics) ?? makeConsumerMetrics(metrics);
  made.set(metrics, known);
  return known;
}

function makeConsumerMetrics(metrics: Metrics): ConsumerMetrics {
  const reports: Reports = new Set();
  const measured = metrics.make(consumerCatalogue, {
    lag: (gauge) => {
      // A consumer that has stopped tells nothing any more; what it said last must not stay.
      gauge.reset();
      for (const { group, shard, lag } of reports) gauge.set({ group, shard }, lag);
    },
    oldestUnread: (gauge) => {
      gauge.reset();
      for (const { group, shard, oldestUnreadMs } of reports)
        gauge.set({ group, shard }, oldestUnreadMs / 1_000);
    },
  });
  return { ...measured, reports };
}

/** Counters of a group begin at 0, or the first gap and the first dead letter would be no increase. */
export function beginCounting(metrics: ConsumerMetrics, group: string): void {
  for (const outcome of entryOutcomes) metrics.entries.inc({ group, outcome }, 0);
  for (const counter of [metrics.gapEntries, metrics.trimmedUnread, metrics.resets, metrics.fenced])
    counter.inc({ group }, 0);
}

export const publisherCatalogue = defineMetrics({
  written: {
    kind: 'counter',
    name: 'trunkline_publisher_written_total',
    help: 'Events written to their stream.',
  },
  dropped: {
    kind: 'counter',
    name: 'trunkline_publisher_dropped_total',
    help: 'Events dropped: queue-full, too-large or stopped.',
    labels: { reason: ['queue-full', 'too-large', 'stopped'] },
  },
  failures: {
    kind: 'counter',
    name: 'trunkline_publisher_write_failures_total',
    help: 'Writes that failed and were tried again.',
  },
  queueEntries: {
    kind: 'gauge',
    name: 'trunkline_publisher_queue_entries',
    help: 'Events waiting to be written.',
  },
  queueBytes: {
    kind: 'gauge',
    name: 'trunkline_publisher_queue_bytes',
    help: 'Payload bytes waiting to be written.',
  },
  writeSeconds: {
    kind: 'histogram',
    name: 'trunkline_publisher_write_seconds',
    help: 'From the publishing of an event until it is in its stream, of the oldest event of each write.',
  },
});

export const publisherMetrics = (metrics: Metrics) => metrics.make(publisherCatalogue);

export type PublisherMetrics = ReturnType<typeof publisherMetrics>;

export const trimmerCatalogue = defineMetrics({
  trimmed: {
    kind: 'counter',
    name: 'trunkline_stream_trimmed_entries_total',
    help: 'Entries cut from streams because every group had passed them, or at the hard cap.',
  },
  capped: {
    kind: 'counter',
    name: 'trunkline_stream_capped_entries_total',
    help: 'Unread entries that a group gave up at the hard cap.',
    labels: { group: groups },
  },
});

export const trimmerMetrics = (metrics: Metrics) => metrics.make(trimmerCatalogue);
