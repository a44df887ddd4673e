import type { Alert } from './alert.ts';

const progress = 'sum by (group) (rate(trunkline_stream_entries_total[2m])) > 0';

/** Gauges that are read from the database: when all of them fail, it is the database and not the gauge. */
export const databaseGauges = 'trunkline_outbox_messages|trunkline_dead_letters|trunkline_pbx_links';

const databaseAway = `sum(increase(trunkline_metric_collect_failures_total{metric=~"${databaseGauges}"}[2m])) > 0`;

const lost =
  'sum by (group) (increase(trunkline_stream_trimmed_unread_entries_total[10m])) > 0' +
  ' or sum by (group) (increase(trunkline_stream_resets_total[10m])) > 0' +
  ' or sum by (group) (increase(trunkline_stream_capped_entries_total[10m])) > 0';

export const streamAlerts: readonly Alert[] = [
  {
    name: 'TrunklineDatabaseAway',
    query: databaseAway,
    forSeconds: 60,
    severity: 'page',
    summary: 'Workers cannot read from PostgreSQL',
    meaning:
      'Nothing is committed. Events wait in Redis, in order, and nothing is lost while the streams stay below their cap; screens say that they are out of date.',
    look: [
      '`npm run trunkline -- status`, which says what cannot be reached',
      'PostgreSQL itself: is it up, is it full, does it take connections (`max_connections`)',
      'the way to it: DNS, network policy, the pooler',
    ],
    act: [
      'bring PostgreSQL back; workers find it by themselves within seconds and take in the backlog',
      'if it is a new server, point `DATABASE_URL` at it and restart the services',
    ],
  },
  {
    name: 'TrunklineStreamStalled',
    query: `(max by (group) (trunkline_stream_lag_entries) > 0 unless on (group) (${progress})) unless on () (${databaseAway})`,
    forSeconds: 60,
    severity: 'page',
    summary: 'The group {{ $labels.group }} has entries to apply and applies none',
    meaning:
      'Workers run and read, and nothing comes through: batches fail, or a lock is held. Calls on screens stand still.',
    look: [
      'the log of the workers: `a batch failed, trying again` says why',
      '`trunkline_stream_batch_failures_total` by `kind`: transient is a store or a lock, slow a statement that takes too long, poison an event',
      "`select * from pg_stat_activity where wait_event_type = 'Lock'` and who blocks it",
    ],
    act: [
      'end the session that holds the lock, if there is one',
      'after an upgrade: see that migrations have run (`npm run trunkline -- status`)',
      'restart the workers if they are stuck in something else; nothing is lost by it',
    ],
  },
  {
    name: 'TrunklineStreamBehind',
    query: `max by (group) (trunkline_stream_oldest_unread_age_seconds) > 30 and on (group) (${progress})`,
    forSeconds: 120,
    severity: 'page',
    summary: 'The group {{ $labels.group }} is {{ $value | humanizeDuration }} behind',
    meaning:
      'Workers apply events, but more come than they take in, or one shard stands still among others that move. What screens show is late.',
    look: [
      '`trunkline_stream_oldest_unread_age_seconds` by `shard`: one shard, or all of them',
      '`trunkline_stream_batch_seconds` and `trunkline_stream_batch_entries`: large and slow batches mean a slow database',
      'the load of PostgreSQL and of the workers',
    ],
    act: [
      'all shards: run more replicas, up to one for each shard',
      'one shard: look in the log for its number; a PBX that floods its shard shows in `trunkline_link_words_total`',
    ],
  },
  {
    name: 'TrunklineStreamGap',
    query: `sum by (group) (increase(trunkline_stream_gap_entries_total[10m])) > 0 unless on (group) (${lost})`,
    forSeconds: 0,
    severity: 'ticket',
    summary: 'Events of the group {{ $labels.group }} were missing in a stream',
    meaning:
      'An event was published and is not there. A snapshot of the PBX was asked for, so that the state is right again; details of calls in between may be missing.',
    look: [
      'the log of the workers: `asked for snapshots`',
      'whether Redis failed over or restarted: with `appendfsync everysec` the last second can be lost',
    ],
    act: ['nothing, if it was a failover; else find out who writes to or deletes from the streams'],
  },
  {
    name: 'TrunklineStreamLoss',
    query: lost,
    forSeconds: 0,
    severity: 'page',
    summary: 'Unread entries of the group {{ $labels.group }} were lost with their stream',
    meaning:
      'A stream was cut off, emptied or began anew before a group had read it. Every PBX of the shard is asked for a snapshot; the state heals, the history has a hole.',
    look: [
      'memory and evictions of Redis (`maxmemory-policy` must be `noeviction`)',
      'the lag before it: did a group stand still until the stream reached its cap',
    ],
    act: [
      'see that Redis keeps its data (append-only file) and that nobody flushes it',
      'if a group stood still: its own alert tells why; raise `TRUNKLINE_STREAM_ENTRIES` only if Redis has the memory',
    ],
  },
  {
    name: 'TrunklineDeadLetters',
    query: 'sum by (group) (increase(trunkline_stream_entries_total{outcome="dead_letter"}[15m])) > 0',
    forSeconds: 0,
    severity: 'ticket',
    summary: 'Events of the group {{ $labels.group }} became dead letters',
    meaning:
      'An event could not be applied however often it was tried. It was set aside and its PBX was asked for a snapshot.',
    look: [
      '`npm run trunkline -- dead-letters list`, and `show` for one of them with its error and its trace',
    ],
    act: [
      'correct what it trips over, then `dead-letters replay`; or `dead-letters drop` where it is worth nothing',
    ],
  },
  {
    name: 'TrunklineDeadLettersForgotten',
    query: 'max by (group) (trunkline_dead_letters_oldest_age_seconds) > 86400',
    forSeconds: 600,
    severity: 'ticket',
    summary: 'A dead letter of the group {{ $labels.group }} has waited for more than a day',
    meaning: 'Nobody has decided what becomes of it. After a week it can no longer be replayed safely.',
    look: ['`npm run trunkline -- dead-letters list`'],
    act: ['replay or drop it'],
  },
];
