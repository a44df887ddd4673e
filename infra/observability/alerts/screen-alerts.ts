import type { Alert } from './alert.ts';

export const screenAlerts: readonly Alert[] = [
  {
    name: 'TrunklineOutboxStuck',
    query: 'max(trunkline_outbox_oldest_age_seconds) > 60',
    forSeconds: 60,
    severity: 'page',
    summary: 'Committed changes have not reached the feeds for {{ $value | humanizeDuration }}',
    meaning:
      'The database is right and screens are not told. Nothing is lost: the janitor brings what lies in the outbox.',
    look: [
      'the log of the workers: `what follows a commit failed`',
      'Redis: does it take writes; is there a key of another kind in the way (`WRONGTYPE`)',
      '`npm run trunkline -- schedule list`: when the task `relay` was done last',
    ],
    act: ['bring Redis back; the outbox empties by itself'],
  },
  {
    name: 'TrunklinePushDeaf',
    query: 'sum(trunkline_push_path_broken) > 0',
    forSeconds: 30,
    severity: 'page',
    summary: '{{ $value }} push nodes hear nothing from Redis',
    meaning:
      'Their own probes do not come back. Browsers stay connected and are told that what they see is delayed.',
    look: ['Redis and the way from this node to it', '`client-output-buffer-limit pubsub` of Redis'],
    act: ['the node makes new connections by itself; restart it if only this one is deaf'],
  },
  {
    name: 'TrunklinePushSlow',
    query: 'histogram_quantile(0.99, sum by (le) (rate(trunkline_push_delivery_seconds_bucket[5m]))) > 1',
    forSeconds: 300,
    severity: 'ticket',
    summary: 'One change in a hundred takes {{ $value | humanizeDuration }} from the feed to the screens',
    meaning: 'Screens are late, though nothing is lost.',
    look: [
      'the CPU of push nodes, `trunkline_push_connections` of each',
      '`trunkline_push_buffered_bytes`: slow networks',
    ],
    act: ['run more push nodes'],
  },
  {
    name: 'TrunklinePushGaps',
    query:
      'sum(rate(trunkline_push_subscribed_total{answer="gap"}[10m])) / sum(rate(trunkline_push_subscribed_total[10m])) > 0.1',
    forSeconds: 600,
    severity: 'ticket',
    summary:
      '{{ $value | humanizePercentage }} of the clients that come back have missed too much to catch up',
    meaning: 'They get snapshots instead of what they missed, each of which costs the database a read.',
    look: ['how long clients are away (`docs/operations.md`, push)'],
    act: ['raise `TRUNKLINE_FEED_ENTRIES` of the workers and `TRUNKLINE_PUSH_READ_BACK` of push'],
  },
  {
    name: 'TrunklinePushFull',
    query: 'sum(increase(trunkline_push_closed_total{why="overloaded"}[5m])) > 0',
    forSeconds: 60,
    severity: 'page',
    summary: 'Push nodes turn clients away',
    meaning:
      'A node has as many connections, or as much waiting for slow sockets, as it may. Clients try other nodes.',
    look: ['`trunkline_push_connections` and `trunkline_push_buffered_bytes` of each node'],
    act: ['run more push nodes, or raise `TRUNKLINE_PUSH_CONNECTIONS` where memory allows'],
  },
];
