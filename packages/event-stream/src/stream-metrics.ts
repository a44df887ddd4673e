import { COUNT_BUCKETS } from '@trunkline/service-kit';
import type { Metrics } from '@trunkline/service-kit';

/** Two groups in one process share their metrics, and a registry takes a name once. */
function oncePerRegistry<T>(create: (metrics: Metrics) => T): (metrics: Metrics) => T {
  const made = new WeakMap<Metrics, T>();
  return (metrics) => {
    const known = made.get(metrics) ?? create(metrics);
    made.set(metrics, known);
    return known;
  };
}

/** What a consumer measures. Other rooms and dashboards rely on the names: the README lists them. */
export const consumerMetrics = oncePerRegistry((metrics) => ({
  entries: metrics.counter({
    name: 'trunkline_stream_entries_total',
    help: 'Entries that the offset passed: applied, skipped (not wanted), duplicate or dead_letter.',
    labels: ['group', 'outcome'],
  }),
  gapEntries: metrics.counter({
    name: 'trunkline_stream_gap_entries_total',
    help: 'Sequence numbers that were missing when a later one came.',
    labels: ['group'],
  }),
  trimmedUnread: metrics.counter({
    name: 'trunkline_stream_trimmed_unread_entries_total',
    help: 'Entries that were cut from a stream before the group read them.',
    labels: ['group'],
  }),
  resyncs: metrics.counter({
    name: 'trunkline_stream_resync_requests_total',
    help: 'Snapshots asked for.',
    labels: ['group', 'reason'],
  }),
  resets: metrics.counter({
    name: 'trunkline_stream_resets_total',
    help: 'Times a stream began anew or went back in time.',
    labels: ['group'],
  }),
  takeovers: metrics.counter({
    name: 'trunkline_stream_takeovers_total',
    help: 'Times this replica took a shard from another.',
    labels: ['group'],
  }),
  failures: metrics.counter({
    name: 'trunkline_stream_batch_failures_total',
    help: 'Batches that failed: transient, slow or poison.',
    labels: ['group', 'kind'],
  }),
  lag: metrics.gauge({
    name: 'trunkline_stream_lag_entries',
    help: 'Entries after the offset.',
    labels: ['group', 'shard'],
  }),
  oldestUnread: metrics.gauge({
    name: 'trunkline_stream_oldest_unread_age_seconds',
    help: 'Age of the oldest entry after the offset.',
    labels: ['group', 'shard'],
  }),
  batchEntries: metrics.histogram({
    name: 'trunkline_stream_batch_entries',
    help: 'Entries in a committed batch.',
    labels: ['group'],
    buckets: COUNT_BUCKETS,
  }),
  batchSeconds: metrics.histogram({
    name: 'trunkline_stream_batch_seconds',
    help: 'One batch, from before the lock to after the commit.',
    labels: ['group'],
  }),
}));

export type ConsumerMetrics = ReturnType<typeof consumerMetrics>;

export const publisherMetrics = oncePerRegistry((metrics) => ({
  written: metrics.counter({
    name: 'trunkline_publisher_written_total',
    help: 'Events written to their stream.',
  }),
  dropped: metrics.counter({
    name: 'trunkline_publisher_dropped_total',
    help: 'Events dropped: queue-full, too-large or stopped.',
    labels: ['reason'],
  }),
  failures: metrics.counter({
    name: 'trunkline_publisher_write_failures_total',
    help: 'Writes that failed and were tried again.',
  }),
  queueEntries: metrics.gauge({
    name: 'trunkline_publisher_queue_entries',
    help: 'Events waiting to be written.',
  }),
  queueBytes: metrics.gauge({
    name: 'trunkline_publisher_queue_bytes',
    help: 'Payload bytes waiting to be written.',
  }),
}));

export type PublisherMetrics = ReturnType<typeof publisherMetrics>;

export const trimmerMetrics = oncePerRegistry((metrics) => ({
  trimmed: metrics.counter({
    name: 'trunkline_stream_trimmed_entries_total',
    help: 'Entries cut from streams because every group had passed them, or at the hard cap.',
  }),
  capped: metrics.counter({
    name: 'trunkline_stream_capped_entries_total',
    help: 'Unread entries that a group gave up at the hard cap.',
    labels: ['group'],
  }),
}));
