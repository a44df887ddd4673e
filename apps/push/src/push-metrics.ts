import { COUNT_BUCKETS, defineMetrics, type Metrics } from '@trunkline/service-kit';
import type { Entry } from './feed/entry.ts';

export const pushCatalogue = defineMetrics({
  seconds: {
    kind: 'histogram',
    name: 'trunkline_push_delivery_seconds',
    help: 'From the moment Redis took a committed change until it was written to the last socket that wants it.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  },
  audience: {
    kind: 'histogram',
    name: 'trunkline_push_broadcast_listeners',
    help: 'Listeners that were served together.',
    buckets: COUNT_BUCKETS,
  },
  deliveries: {
    kind: 'counter',
    name: 'trunkline_push_deliveries_total',
    help: 'Deliveries to listeners; one may hold several joined changes.',
  },
  connections: {
    kind: 'gauge',
    name: 'trunkline_push_connections',
    help: 'Connections that are open.',
  },
  subscriptions: {
    kind: 'gauge',
    name: 'trunkline_push_subscriptions',
    help: 'Topics of all connections.',
  },
  feeds: {
    kind: 'gauge',
    name: 'trunkline_push_feeds',
    help: 'Tenants that somebody watches here.',
  },
  bufferedBytes: {
    kind: 'gauge',
    name: 'trunkline_push_buffered_bytes',
    help: 'What waits for slow sockets, in the process and in their streams.',
  },
  entries: {
    kind: 'counter',
    name: 'trunkline_push_entries_total',
    help: 'Changes that were heard.',
  },
  readBack: {
    kind: 'counter',
    name: 'trunkline_push_entries_read_back_total',
    help: 'Older changes that were read from Redis for clients that came back.',
  },
  syncs: {
    kind: 'counter',
    name: 'trunkline_push_syncs_total',
    help: 'How often a feed was read up because something seemed to be missing.',
    labels: { why: ['gap', 'epoch', 'lost message', 'path', 'ahead'] },
  },
  feedsLost: {
    kind: 'counter',
    name: 'trunkline_push_feeds_lost_total',
    help: 'Feeds that started anew.',
    labels: { reason: ['lost', 'gap'] },
  },
  subscribed: {
    kind: 'counter',
    name: 'trunkline_push_subscribed_total',
    help: 'Answers to clients that want a topic: live, replayed, or a reset by its reason.',
    labels: {
      answer: 'live, replayed, slow, unavailable, or the reasons of a reset: new, gap, lost and the like',
    },
  },
  lagging: {
    kind: 'counter',
    name: 'trunkline_push_lagging_total',
    help: 'How often a topic of a slow connection was set aside until the socket was free again.',
    labels: { holds: 'state, events' },
  },
  conflated: {
    kind: 'counter',
    name: 'trunkline_push_conflated_rows_total',
    help: 'Rows that a slow connection was not told because a newer one of the same thing followed.',
  },
  snapshots: {
    kind: 'counter',
    name: 'trunkline_push_snapshots_total',
    help: 'Snapshots by whether they were read from the database or shared.',
    labels: { from: ['database', 'shared'] },
  },
  closed: {
    kind: 'counter',
    name: 'trunkline_push_closed_total',
    help: 'Connections that this node closed or refused, by why.',
    labels: { why: 'the kinds of endings of the protocol, and why a connection was refused' },
  },
  commands: {
    kind: 'counter',
    name: 'trunkline_push_commands_total',
    help: 'Commands of clients, by how they went.',
    labels: { kind: 'the kinds of commands', answer: 'done, or why not' },
  },
  pathBroken: {
    kind: 'gauge',
    name: 'trunkline_push_path_broken',
    help: '1 while this node hears nothing of its own probes.',
  },
});

/** What this room tells of itself. */
export function createPushMetrics(metrics: Metrics) {
  const measured = metrics.make(pushCatalogue);
  const { seconds, audience, deliveries } = measured;
  return {
    ...measured,
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
