import { lines, quantiles, rateOf, stat, type Row } from './panel.ts';

const byGroup = '{{group}}';

/** What one looks at in a night, from above to below: is anything wrong, and then where. */
export const rows: readonly Row[] = [
  {
    title: 'Is all well?',
    panels: [
      stat(
        'PBXs live',
        'short',
        'Links that are up, as the database sees them.',
        'max(trunkline_pbx_links{state="live"})',
      ),
      stat(
        'PBXs not live',
        'short',
        'Switched on, and not up.',
        'sum(max by (state) (trunkline_pbx_links{state!="live"}))',
      ),
      stat(
        'Oldest event',
        's',
        'The oldest event that is not applied.',
        'max(trunkline_stream_oldest_unread_age_seconds)',
      ),
      stat(
        'Dead letters',
        'short',
        'Events that wait for a person.',
        'sum(max by (group) (trunkline_dead_letters))',
      ),
      stat(
        'Oldest in the outbox',
        's',
        'Committed and not told.',
        'max(trunkline_outbox_oldest_age_seconds)',
      ),
      stat('Browsers', 'short', 'Connections of all push nodes.', 'sum(trunkline_push_connections)'),
    ],
  },
  {
    title: 'From the PBX to the browser',
    panels: [
      lines(
        '1. PBX to stream',
        's',
        'From the word of a PBX until it is in Redis.',
        ...quantiles('trunkline_publisher_write_seconds'),
      ),
      lines(
        '2. Stream to commit',
        's',
        'From Redis until it is committed.',
        ...quantiles('trunkline_stream_commit_delay_seconds'),
      ),
      lines(
        '3. Commit to feed',
        's',
        'From the commit until it is published.',
        ...quantiles('trunkline_feed_deliver_seconds'),
      ),
      lines(
        '4. Feed to socket',
        's',
        'From Redis to the last socket that wants it.',
        ...quantiles('trunkline_push_delivery_seconds'),
      ),
    ],
  },
  {
    title: 'Links',
    panels: [
      lines('Links by state', 'short', 'As the database sees them.', {
        query: 'max by (state) (trunkline_pbx_links)',
        legend: '{{state}}',
      }),
      lines('Words by type', 'ops', 'What PBXs say.', {
        query: rateOf('trunkline_link_words_total', 'type'),
        legend: '{{type}}',
      }),
      lines(
        'Losses and failures',
        'ops',
        'Links that ended, and attempts that failed.',
        { query: rateOf('trunkline_link_losses_total', 'fault'), legend: 'lost: {{fault}}' },
        { query: rateOf('trunkline_link_attempt_failures_total', 'fault'), legend: 'failed: {{fault}}' },
      ),
      lines(
        'Leases',
        's',
        'For how long a PBX has waited for a connector, and how near the first lease is to its end.',
        { query: 'max(trunkline_pbx_longest_unheld_seconds)', legend: 'longest unheld' },
        { query: 'min(trunkline_pbx_shortest_lease_seconds)', legend: 'shortest lease' },
      ),
      lines('Waiting to be written', 'short', 'Events in the memory of connectors.', {
        query: 'max by (instance) (trunkline_publisher_queue_entries)',
        legend: '{{instance}}',
      }),
      lines('Snapshots', 's', 'How long they took.', ...quantiles('trunkline_link_snapshot_seconds')),
    ],
  },
  {
    title: 'Streams',
    panels: [
      lines('Lag', 'short', 'Entries after the offset.', {
        query: 'sum by (group) (max by (group, shard) (trunkline_stream_lag_entries))',
        legend: byGroup,
      }),
      lines('Age', 's', 'Of the oldest entry that is not applied.', {
        query: 'max by (group) (trunkline_stream_oldest_unread_age_seconds)',
        legend: byGroup,
      }),
      lines('Entries', 'ops', 'By what became of them.', {
        query: rateOf('trunkline_stream_entries_total', 'group, outcome'),
        legend: '{{group}} {{outcome}}',
      }),
      lines('Batches', 's', 'From the lock to the commit.', ...quantiles('trunkline_stream_batch_seconds')),
      lines(
        'Entries of a batch',
        'short',
        'More go together when there is more to do.',
        ...quantiles('trunkline_stream_batch_entries'),
      ),
      lines(
        'What went wrong',
        'ops',
        'Each is answered by a snapshot or by another attempt.',
        {
          query: rateOf('trunkline_stream_batch_failures_total', 'group, kind'),
          legend: '{{group}} failed: {{kind}}',
        },
        { query: rateOf('trunkline_stream_gap_entries_total', 'group'), legend: '{{group}} gap' },
        {
          query: rateOf('trunkline_stream_trimmed_unread_entries_total', 'group'),
          legend: '{{group}} trimmed',
        },
        { query: rateOf('trunkline_stream_fenced_batches_total', 'group'), legend: '{{group}} fenced' },
      ),
    ],
  },
  {
    title: 'Screens',
    panels: [
      lines('Connections', 'short', 'By node.', {
        query: 'sum by (instance) (trunkline_push_connections)',
        legend: '{{instance}}',
      }),
      lines('Waiting for slow sockets', 'bytes', 'By node.', {
        query: 'sum by (instance) (trunkline_push_buffered_bytes)',
        legend: '{{instance}}',
      }),
      lines('Deliveries', 'ops', 'To listeners.', {
        query: rateOf('trunkline_push_deliveries_total', 'instance'),
        legend: '{{instance}}',
      }),
      lines('Answers to subscriptions', 'ops', 'Live, replayed, or a reset by its reason.', {
        query: rateOf('trunkline_push_subscribed_total', 'answer'),
        legend: '{{answer}}',
      }),
      lines('Slow connections', 'ops', 'Topics set aside until their socket is free.', {
        query: rateOf('trunkline_push_lagging_total', 'holds'),
        legend: '{{holds}}',
      }),
      lines('Closed', 'ops', 'By why.', {
        query: rateOf('trunkline_push_closed_total', 'why'),
        legend: '{{why}}',
      }),
    ],
  },
  {
    title: 'Cleanups, chores, webhooks',
    panels: [
      lines('Cleanups', 'ops', 'After a lost link, and with a snapshot.', {
        query: rateOf('trunkline_cleanup_runs_total', 'kind'),
        legend: '{{kind}}',
      }),
      lines('Stuck calls', 'ops', 'By what became of them.', {
        query: rateOf('trunkline_stuck_calls_total', 'outcome'),
        legend: '{{outcome}}',
      }),
      lines('Chores', 's', 'How long ago each was done last.', {
        query: 'time() - max by (task) (trunkline_housekeeping_last_success_timestamp_seconds)',
        legend: '{{task}}',
      }),
      lines('Webhooks', 'short', 'Deliveries that are not finished.', {
        query: 'max by (status) (trunkline_webhook_backlog)',
        legend: '{{status}}',
      }),
      lines('Imports of contacts', 'ops', 'Rows, by what became of them.', {
        query: rateOf('trunkline_import_rows_total', 'outcome'),
        legend: '{{outcome}}',
      }),
    ],
  },
  {
    title: 'Processes',
    panels: [
      lines('Event loop delay', 's', '99th percentile.', {
        query: 'max by (app) (trunkline_event_loop_delay_p99_seconds)',
        legend: '{{app}}',
      }),
      lines('CPU', 'short', 'Cores in use.', {
        query: rateOf('process_cpu_seconds_total', 'app'),
        legend: '{{app}}',
      }),
      lines('Memory', 'bytes', 'Resident.', {
        query: 'max by (app) (process_resident_memory_bytes)',
        legend: '{{app}}',
      }),
      lines('Requests to the API', 'ops', 'By status.', {
        query: rateOf('trunkline_http_request_seconds_count', 'status'),
        legend: '{{status}}',
      }),
    ],
  },
];
