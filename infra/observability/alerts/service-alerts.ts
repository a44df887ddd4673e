import type { Alert } from './alert.ts';
import { databaseGauges } from './stream-alerts.ts';

/** Services that have to run in every installation. */
export const neededServices = [
  'connector',
  'lifecycle-worker',
  'cleanup-worker',
  'stuck-call-worker',
  'push',
  'api',
] as const;

const failed = (outcome: string): string =>
  `sum by (task) (increase(trunkline_housekeeping_runs_total{outcome="${outcome}"}[30m])) > 0`;

export const serviceAlerts: readonly Alert[] = [
  {
    name: 'TrunklineServiceMissing',
    query: neededServices
      .map((app) => `absent(trunkline_event_loop_delay_p99_seconds{app="${app}"})`)
      .join(' or '),
    forSeconds: 120,
    severity: 'page',
    summary: 'No {{ $labels.app }} runs',
    meaning: 'Not one replica of a service that every installation needs has been scraped for minutes.',
    look: [
      'the orchestrator: do pods start, do they become ready, why were they killed',
      'the last lines of their log; a bad setting is named there with an example',
    ],
    act: ['start it; there is nothing to repair by hand, whatever was missed is read up or asked for'],
  },
  {
    name: 'TrunklineEventLoopBlocked',
    query: 'max by (app) (trunkline_event_loop_delay_p99_seconds) > 0.5',
    forSeconds: 120,
    severity: 'ticket',
    summary: 'Timers of {{ $labels.app }} fire {{ $value | humanizeDuration }} late',
    meaning: 'The process computes or is throttled. Leases, heartbeats and deliveries are late with it.',
    look: ['CPU throttling of the pod', 'garbage collection: `nodejs_gc_duration_seconds`'],
    act: ['give it CPU, or run more replicas'],
  },
  {
    name: 'TrunklineSweepMissing',
    query: 'time() - max(trunkline_sweep_last_done_timestamp_seconds) > 3600',
    forSeconds: 1_800,
    severity: 'ticket',
    summary: 'No sweep for stuck calls was done for more than an hour',
    meaning: 'Calls whose hang-up got lost stay open on screens until the next snapshot.',
    look: [
      '`npm run trunkline -- schedule list`',
      '`trunkline_sweeps_total` by `state`, and the log of the stuck-call-worker',
    ],
    act: [
      '`npm run trunkline -- calls cleanup` does it by hand',
      'on a schedule of your own that is rarer than this: change the bound of the rule',
    ],
  },
  {
    name: 'TrunklineHousekeepingFailing',
    query: `${failed('failed')} unless on (task) (${failed('done')})`,
    forSeconds: 300,
    severity: 'ticket',
    summary: 'The chore {{ $labels.task }} fails and never succeeds',
    meaning:
      'Streams, tables or partitions are not looked after. It takes days to hurt, except for `relay` and `trim`.',
    look: ['the log of the cleanup-worker: `housekeeping failed`', '`npm run trunkline -- schedule list`'],
    act: ['mend what the log names; it is tried again when it is due'],
  },
  {
    name: 'TrunklineMetricsBlind',
    query: `sum by (app, metric) (increase(trunkline_metric_collect_failures_total{metric!~"${databaseGauges}"}[10m])) > 0`,
    forSeconds: 300,
    severity: 'ticket',
    summary: '{{ $labels.app }} cannot read {{ $labels.metric }}',
    meaning: 'A figure that alerts rely on is not up to date.',
    look: ['the log of the service: `a gauge could not be read`'],
    act: ['mend what it names'],
  },
  {
    name: 'TrunklineApiErrors',
    query:
      'sum(rate(trunkline_http_request_seconds_count{status=~"5.."}[5m])) / sum(rate(trunkline_http_request_seconds_count[5m])) > 0.05',
    forSeconds: 300,
    severity: 'page',
    summary: '{{ $value | humanizePercentage }} of the requests to the API fail',
    meaning: 'Console and programs get errors that are not their fault.',
    look: [
      'the log of the API: `a request failed`, with the traceId that the caller got',
      '`/readyz` of the API',
    ],
    act: [
      '503: the store or the provider of tokens that the log names; 500: a bug, with its stack in the log',
    ],
  },
  {
    name: 'TrunklineWebhooksBehind',
    query: 'max(trunkline_webhook_oldest_waiting_seconds) > 300',
    forSeconds: 300,
    severity: 'ticket',
    summary: 'A webhook delivery has waited {{ $value | humanizeDuration }} for its first attempt',
    meaning: 'Receivers are slow, or there are too few webhook-workers. Nothing is lost yet.',
    look: ['`npm run trunkline -- webhooks list` shows whose backlog it is'],
    act: ['raise `--parallel` of that endpoint, or run more replicas'],
  },
  {
    name: 'TrunklineImportsWaiting',
    query: 'max(trunkline_import_oldest_waiting_seconds) > 600',
    forSeconds: 300,
    severity: 'ticket',
    summary: 'An import of contacts has waited {{ $value | humanizeDuration }} to be begun',
    meaning:
      'No import-worker runs, or all of them are busy with other files. Nothing is lost; somebody waits.',
    look: ['`npm run trunkline -- imports list` shows what runs', '`/readyz` of the import-workers'],
    act: ['run more replicas, or cancel what is in the way: `npm run trunkline -- imports cancel`'],
  },
  {
    name: 'TrunklineWebhooksDropped',
    query: 'sum(increase(trunkline_webhook_dropped_total[10m])) > 0',
    forSeconds: 0,
    severity: 'ticket',
    summary: 'Changes were not kept for a webhook whose backlog is full',
    meaning: 'Its receiver takes less than comes; it will be told of the gap.',
    look: ['`npm run trunkline -- webhooks list`'],
    act: ['narrow its types or PBXs, or make the receiver faster'],
  },
];
