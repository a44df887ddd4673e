import { healthy } from './healthy.ts';
import { faultAtSeconds, pace, fromThen, type World } from './world.ts';

export interface Fault {
  /** The one alert that is to fire. */
  readonly alert: string;
  readonly says: string;
  readonly changes: World;
}

const lifecycle = 'app="lifecycle-worker",group="lifecycle"';
const applied = `trunkline_stream_entries_total{${lifecycle},outcome="applied"}`;
const lag = `trunkline_stream_lag_entries{${lifecycle},shard="0"}`;
const age = `trunkline_stream_oldest_unread_age_seconds{${lifecycle},shard="0"}`;
const linkState = (state: string): string => `trunkline_pbx_links{app="cleanup-worker",state="${state}"}`;

/** From the fault on, one link of three stands otherwise. */
const oneLinkIs = (state: string): World => ({
  [linkState('live')]: fromThen(3, () => 2),
  [linkState(state)]: fromThen(0, () => 1),
});

/** What somebody counts who was never met with before the fault: the series appears with it. */
const appears = (aSecond: number) => fromThen(null, (since) => 1 + Math.floor(since * aSecond));

/** It happens once, and never again. */
const once = (count = 1) => fromThen(0, () => count);

const nothingApplied: World = {
  [applied]: pace(10, 0),
  [lag]: fromThen(0, (since) => 10 * since + 10),
  [age]: fromThen(0, (since) => since),
};

/** All series of a service end, as they do when none of it is left. */
const gone = (app: string): World =>
  Object.fromEntries(
    Object.entries(healthy)
      .filter(([key]) => key.includes(`app="${app}"`))
      .map(([key, valueAt]) => [
        key,
        (at: number) => (fromThen(0, () => null)(at) === null ? null : valueAt(at)),
      ]),
  );

export const faults: readonly Fault[] = [
  {
    alert: 'TrunklineDatabaseAway',
    says: 'PostgreSQL is gone: gauges cannot be read, and nothing is applied',
    changes: {
      ...nothingApplied,
      'trunkline_metric_collect_failures_total{app="lifecycle-worker",metric="trunkline_outbox_messages"}':
        appears(1 / 15),
      'trunkline_metric_collect_failures_total{app="cleanup-worker",metric="trunkline_pbx_links"}': appears(
        1 / 15,
      ),
    },
  },
  { alert: 'TrunklineStreamStalled', says: 'batches fail, whatever is tried', changes: nothingApplied },
  {
    alert: 'TrunklineStreamBehind',
    says: 'twice as much comes as is taken in',
    changes: {
      [lag]: fromThen(0, (since) => 10 * since),
      [age]: fromThen(0, (since) => since / 2),
    },
  },
  {
    alert: 'TrunklineStreamGap',
    says: 'one event is missing',
    changes: { [`trunkline_stream_gap_entries_total{${lifecycle}}`]: once() },
  },
  {
    alert: 'TrunklineStreamLoss',
    says: 'a stream is cut off before it was read, which shows as a gap as well',
    changes: {
      [`trunkline_stream_trimmed_unread_entries_total{${lifecycle}}`]: once(500),
      [`trunkline_stream_gap_entries_total{${lifecycle}}`]: once(500),
    },
  },
  {
    alert: 'TrunklineStreamLoss',
    says: 'Redis lost its data',
    changes: {
      [`trunkline_stream_resets_total{${lifecycle}}`]: once(),
      [`trunkline_stream_gap_entries_total{${lifecycle}}`]: once(3),
    },
  },
  {
    alert: 'TrunklineDeadLetters',
    says: 'one event cannot be applied',
    changes: { [`trunkline_stream_entries_total{${lifecycle},outcome="dead_letter"}`]: once() },
  },
  {
    alert: 'TrunklineDeadLettersForgotten',
    says: 'a dead letter lies for a day',
    changes: {
      [`trunkline_dead_letters_oldest_age_seconds{${lifecycle}}`]: fromThen(0, (since) => 86_000 + since),
    },
  },
  {
    alert: 'TrunklineLinkUnheld',
    says: 'no connector takes the lease of a PBX, though connectors run',
    changes: {
      ...oneLinkIs('unheld'),
      'trunkline_links{app="connector",state="live"}': fromThen(3, () => 2),
    },
  },
  { alert: 'TrunklineLinkDown', says: 'a PBX is out of reach', changes: oneLinkIs('connecting') },
  { alert: 'TrunklineLinkBlocked', says: 'a PBX blocks our address', changes: oneLinkIs('blocked') },
  { alert: 'TrunklineLinkRefused', says: 'a PBX refuses the credential', changes: oneLinkIs('refused') },
  {
    alert: 'TrunklineLeaseLost',
    says: 'a connector was frozen, and another one took its link over',
    changes: { 'trunkline_link_leases_lost_total{app="connector"}': once() },
  },
  {
    alert: 'TrunklinePublisherStuck',
    says: 'Redis takes no writes, and events wait',
    changes: {
      'trunkline_publisher_queue_entries{app="connector"}': fromThen(0, (since) => 10 * since + 1),
      [applied]: pace(10, 0),
    },
  },
  {
    alert: 'TrunklineEventsDropped',
    says: 'the queue of a connector was full for a moment',
    changes: { 'trunkline_publisher_dropped_total{app="connector",reason="queue-full"}': once(20) },
  },
  {
    alert: 'TrunklineOutboxStuck',
    says: 'feeds refuse what was committed',
    changes: { 'trunkline_outbox_oldest_age_seconds{app="lifecycle-worker"}': fromThen(0, (since) => since) },
  },
  {
    alert: 'TrunklinePushDeaf',
    says: 'a push node hears nothing',
    changes: { 'trunkline_push_path_broken{app="push",instance="b"}': fromThen(0, () => 1) },
  },
  {
    alert: 'TrunklinePushSlow',
    says: 'one change in ten takes seconds to the screens',
    changes: { 'trunkline_push_delivery_seconds_bucket{app="push",le="1"}': pace(20, 18) },
  },
  {
    alert: 'TrunklinePushGaps',
    says: 'clients stay away for longer than feeds reach back',
    changes: { 'trunkline_push_subscribed_total{app="push",answer="gap"}': pace(0.01, 0.5) },
  },
  {
    alert: 'TrunklinePushFull',
    says: 'a push node turns clients away',
    changes: { 'trunkline_push_closed_total{app="push",why="overloaded"}': appears(1) },
  },
  {
    alert: 'TrunklineServiceMissing',
    says: 'no connector is left, and so nobody holds a link',
    changes: {
      ...gone('connector'),
      [linkState('live')]: fromThen(3, (since) => (since < 15 ? 3 : 0)),
      [linkState('unheld')]: fromThen(0, (since) => (since < 15 ? 0 : 3)),
    },
  },
  {
    alert: 'TrunklineServiceMissing',
    says: 'no lifecycle-worker is left',
    changes: gone('lifecycle-worker'),
  },
  { alert: 'TrunklineServiceMissing', says: 'no push is left', changes: gone('push') },
  {
    alert: 'TrunklineEventLoopBlocked',
    says: 'a process is throttled',
    changes: { 'trunkline_event_loop_delay_p99_seconds{app="push"}': fromThen(0.02, () => 0.9) },
  },
  {
    alert: 'TrunklineSweepMissing',
    says: 'sweeps are made no more',
    changes: {
      'trunkline_sweep_last_done_timestamp_seconds{app="stuck-call-worker"}': (at) =>
        Math.min(at - (at % 300), faultAtSeconds),
    },
  },
  {
    alert: 'TrunklineHousekeepingFailing',
    says: 'a chore fails at each attempt',
    changes: {
      'trunkline_housekeeping_runs_total{app="cleanup-worker",task="trim",outcome="done"}': pace(1 / 30, 0),
      'trunkline_housekeeping_runs_total{app="cleanup-worker",task="trim",outcome="failed"}': appears(1 / 30),
    },
  },
  {
    alert: 'TrunklineMetricsBlind',
    says: 'a gauge cannot be read that is not of the database',
    changes: {
      'trunkline_metric_collect_failures_total{app="connector",metric="trunkline_links"}': appears(1 / 15),
    },
  },
  {
    alert: 'TrunklineApiErrors',
    says: 'a tenth of all requests fails',
    changes: {
      'trunkline_http_request_seconds_count{app="api",method="GET",route="/v1/calls",status="503"}': pace(
        0.01,
        0.6,
      ),
    },
  },
  {
    alert: 'TrunklineWebhooksBehind',
    says: 'deliveries wait',
    changes: {
      'trunkline_webhook_oldest_waiting_seconds{app="webhook-worker"}': fromThen(2, (since) => since),
    },
  },
  {
    alert: 'TrunklineImportsWaiting',
    says: 'nobody begins with an import',
    changes: {
      'trunkline_import_oldest_waiting_seconds{app="import-worker"}': fromThen(0, (since) => since),
    },
  },
  {
    alert: 'TrunklineWebhooksDropped',
    says: 'the backlog of an endpoint is full',
    changes: { 'trunkline_webhook_dropped_total{app="webhook-worker"}': once(4) },
  },
];

/** What is no fault and must wake nobody. */
export const harmless: readonly { readonly says: string; readonly changes: World }[] = [
  { says: 'a quiet night: no events at all', changes: { [applied]: pace(10, 0) } },
  {
    says: 'a rolling restart: counters begin anew, a link is handed over',
    changes: {
      [applied]: (at) => (at < faultAtSeconds ? at : at - faultAtSeconds) * 10,
      [linkState('unheld')]: fromThen(0, (since) => (since < 15 ? 1 : 0)),
      [linkState('connecting')]: fromThen(0, (since) => (since >= 15 && since < 60 ? 1 : 0)),
      [lag]: fromThen(0, (since) => (since < 30 ? 200 : 0)),
      'trunkline_publisher_dropped_total{app="connector",reason="stopped"}': once(2),
    },
  },
  {
    says: 'a burst that is taken in within a minute',
    changes: {
      [lag]: fromThen(0, (since) => (since < 60 ? 50_000 : 0)),
      [age]: fromThen(0, (since) => (since < 60 ? since : 0)),
    },
  },
];
