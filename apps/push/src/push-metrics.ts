import { COUNT_BUCKETS, type Metrics } from '@trunkline/service-kit';
import type { Entry } from './feed/entry.ts';

/** What this room tells of itself. */
export function createPushMetrics(metrics: Metrics) {
  const seconds = metrics.histogram({
    name: 'trunkline_push_delivery_seconds',
    help: 'From the moment Redis took a committed change until it was written to the last socket that wants it.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  });
  const audience = metrics.histogram({
    name: 'trunkline_push_broadcast_listeners',
    help: 'Listeners that were served together.',
    buckets: COUNT_BUCKETS,
  });
  const deliveries = metrics.counter({
    name: 'trunkline_push_deliveries_total',
    help: 'Deliveries to listeners; one may hold several joined changes.',
  });
  return {
    seconds,
    deliveries,
    connections: metrics.gauge({
      name: 'trunkline_push_connections',
      help: 'Connections that are open.',
    }),
    subscriptions: metrics.gauge({
      name: 'trunkline_push_subscriptions',
      help: 'Topics of all connections.',
    }),
    feeds: metrics.gauge({ name: 'trunkline_push_feeds', help: 'Tenants that somebody watches here.' }),
    bufferedBytes: metrics.gauge({
      name: 'trunkline_push_buffered_bytes',
      help: 'What waits for slow sockets, in the process and in their streams.',
    }),
    entries: metrics.counter({ name: 'trunkline_push_entries_total', help: 'Changes that were heard.' }),
    readBack: metrics.counter({
      name: 'trunkline_push_entries_read_back_total',
      help: 'Older changes that were read from Redis for clients that came back.',
    }),
    syncs: metrics.counter({
      name: 'trunkline_push_syncs_total',
      help: 'How often a feed was read up because something seemed to be missing.',
      labels: ['why'],
    }),
    feedsLost: metrics.counter({
      name: 'trunkline_push_feeds_lost_total',
      help: 'Feeds that started anew.',
      labels: ['reason'],
    }),
    subscribed: metrics.counter({
      name: 'trunkline_push_subscribed_total',
      help: 'Answers to clients that want a topic: live, replayed, or a reset by its reason.',
      labels: ['answer'],
    }),
    lagging: metrics.counter({
      name: 'trunkline_push_lagging_total',
      help: 'How often a topic of a slow connection was set aside until the socket was free again.',
      labels: ['holds'],
    }),
    conflated: metrics.counter({
      name: 'trunkline_push_conflated_rows_total',
      help: 'Rows that a slow connection was not told because a newer one of the same thing followed.',
    }),
    snapshots: metrics.counter({
      name: 'trunkline_push_snapshots_total',
      help: 'Snapshots by whether they were read from the database or shared.',
      labels: ['from'],
    }),
    closed: metrics.counter({
      name: 'trunkline_push_closed_total',
      help: 'Connections that this node closed or refused, by why.',
      labels: ['why'],
    }),
    commands: metrics.counter({
      name: 'trunkline_push_commands_total',
      help: 'Commands of clients, by how they went.',
      labels: ['kind', 'answer'],
    }),
    pathBroken: metrics.gauge({
      name: 'trunkline_push_path_broken',
      help: '1 while this node hears nothing of its own probes.',
    }),
    delivered(entries: readonly Entry[], count: number): void {
      if (count === 0) return;
      deliveries.inc(count);
      audience.observe(count);
      const now = Date.now();
      for (const { offset } of entries) {
        // The clock of Redis put the time there; where it is ahead of ours nothing sensible can be said.
        const since = now - Number(offset.slice(0, offset.indexOf('-')));
        seconds.observe(Math.max(0, since) / 1_000);
      }
    },
  };
}

export type PushMetrics = ReturnType<typeof createPushMetrics>;
