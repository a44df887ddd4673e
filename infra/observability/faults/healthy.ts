import { neededServices } from '../alerts/service-alerts.ts';
import { always, pace, type World } from './world.ts';

const groups = ['lifecycle', 'cleanup'] as const;
const quietCounters = [
  'trunkline_stream_gap_entries_total',
  'trunkline_stream_trimmed_unread_entries_total',
  'trunkline_stream_resets_total',
  'trunkline_stream_fenced_batches_total',
];

const delivered = (bound: string, share: number): World => ({
  [`trunkline_push_delivery_seconds_bucket{app="push",le="${bound}"}`]: pace(20 * share),
});

/** A fleet that is well and has something to do. */
export const healthy: World = {
  ...Object.fromEntries(
    neededServices.map((app) => [`trunkline_event_loop_delay_p99_seconds{app="${app}"}`, always(0.02)]),
  ),
  'trunkline_links{app="connector",state="live"}': always(3),
  'trunkline_pbx_links{app="cleanup-worker",state="live"}': always(3),
  'trunkline_pbx_links{app="cleanup-worker",state="connecting"}': always(0),
  'trunkline_pbx_links{app="cleanup-worker",state="blocked"}': always(0),
  'trunkline_pbx_links{app="cleanup-worker",state="refused"}': always(0),
  'trunkline_pbx_links{app="cleanup-worker",state="unheld"}': always(0),
  'trunkline_link_leases_lost_total{app="connector"}': always(0),
  'trunkline_publisher_queue_entries{app="connector"}': (at) => (at % 60 === 0 ? 3 : 0),
  'trunkline_publisher_dropped_total{app="connector",reason="queue-full"}': always(0),
  'trunkline_publisher_dropped_total{app="connector",reason="stopped"}': always(0),
  ...Object.assign({}, ...groups.map(streamsOf)),
  'trunkline_outbox_oldest_age_seconds{app="lifecycle-worker"}': always(0.1),
  'trunkline_push_path_broken{app="push",instance="a"}': always(0),
  'trunkline_push_path_broken{app="push",instance="b"}': always(0),
  ...delivered('0.05', 0.9),
  ...delivered('1', 1),
  ...delivered('5', 1),
  ...delivered('+Inf', 1),
  'trunkline_push_subscribed_total{app="push",answer="live"}': pace(1),
  'trunkline_push_subscribed_total{app="push",answer="replayed"}': pace(0.5),
  'trunkline_push_subscribed_total{app="push",answer="gap"}': pace(0.01),
  'trunkline_sweep_last_done_timestamp_seconds{app="stuck-call-worker"}': (at) => at - (at % 300),
  'trunkline_housekeeping_runs_total{app="cleanup-worker",task="trim",outcome="done"}': pace(1 / 30),
  'trunkline_housekeeping_runs_total{app="cleanup-worker",task="relay",outcome="done"}': pace(1 / 10),
  'trunkline_http_request_seconds_count{app="api",method="GET",route="/v1/calls",status="200"}': pace(5),
  'trunkline_http_request_seconds_count{app="api",method="GET",route="/v1/calls",status="503"}': pace(0.01),
  'trunkline_webhook_oldest_waiting_seconds{app="webhook-worker"}': always(2),
  'trunkline_import_oldest_waiting_seconds{app="import-worker"}': always(0),
  'trunkline_webhook_dropped_total{app="webhook-worker"}': always(0),
};

function streamsOf(group: string): World {
  const labels = `app="${group}-worker",group="${group}"`;
  return {
    [`trunkline_stream_entries_total{${labels},outcome="applied"}`]: pace(10),
    [`trunkline_stream_entries_total{${labels},outcome="dead_letter"}`]: always(0),
    ...Object.fromEntries(quietCounters.map((name) => [`${name}{${labels}}`, always(0)])),
    // A scrape meets a batch under way now and then.
    [`trunkline_stream_lag_entries{${labels},shard="0"}`]: (at) => (at % 90 === 0 ? 40 : 0),
    [`trunkline_stream_oldest_unread_age_seconds{${labels},shard="0"}`]: (at) => (at % 90 === 0 ? 0.2 : 0),
    [`trunkline_dead_letters_oldest_age_seconds{${labels}}`]: always(0),
  };
}
