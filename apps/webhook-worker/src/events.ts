import { defineMetrics, type Logger, type Metrics } from '@trunkline/service-kit';
import type { Attempt, FannedOut, Settled, WebhookCounts } from '@trunkline/webhooks';

export interface WebhookEvents {
  attempted(attempt: Attempt, settled: Settled): void;
  fannedOut(tenant: string, fanned: FannedOut): void;
  /** Deliveries whose jobs Redis had lost. */
  found(jobs: number): void;
  pruned(deliveries: number): void;
  counted(counts: WebhookCounts): void;
}

/** What the worker tells of itself: one function an event, which counts with few labels and logs the detail. */
export function createEvents(metrics: Metrics, logger: Logger): WebhookEvents {
  const measured = metrics.make(webhookCatalogue);
  return {
    attempted(attempt, settled) {
      const { delivery, durationMs } = attempt;
      const isDelivered = attempt.verdict.kind === 'delivered';
      measured.attempts.inc({ outcome: isDelivered ? 'delivered' : 'failed' });
      measured.seconds.observe(durationMs / 1_000);
      if (isDelivered) measured.lag.observe(Math.max(0, Date.now() - delivery.createdAt.getTime()) / 1_000);
      if (settled.outcome !== 'retrying') measured.deliveries.inc({ outcome: settled.outcome });
      logAttempt(logger, attempt, settled);
      if (settled.disabled === null) return;
      measured.disabled.inc({ reason: settled.disabled });
      const { endpoint, tenant } = delivery;
      logger.error(
        { endpoint, tenant, reason: settled.disabled },
        'a webhook was disabled; enable it again when its receiver works',
      );
    },
    fannedOut(tenant, { messages, deliveries, dropped }) {
      measured.created.inc(deliveries);
      if (dropped === 0) return;
      measured.dropped.inc(dropped);
      logger.warn(
        { tenant, messages, deliveries, dropped },
        'a webhook is too far behind: changes are dropped, and it will be told of the gap',
      );
    },
    found(jobs) {
      measured.found.inc(jobs);
      logger.info({ jobs }, 'deliveries had lost their jobs and got new ones');
    },
    pruned: (deliveries) => logger.debug({ deliveries }, 'finished deliveries were forgotten'),
    counted({ waiting, out, retrying, enabled, disabled, oldestWaitingSeconds }) {
      measured.backlog.set({ status: 'waiting' }, waiting);
      measured.backlog.set({ status: 'out' }, out);
      measured.backlog.set({ status: 'retrying' }, retrying);
      measured.endpoints.set({ state: 'enabled' }, enabled);
      measured.endpoints.set({ state: 'disabled' }, disabled);
      measured.oldest.set(oldestWaitingSeconds);
    },
  };
}

/** Never the address: its path may hold a secret of the receiver. */
function logAttempt(logger: Logger, attempt: Attempt, { outcome }: Settled): void {
  const { delivery, verdict, httpStatus, durationMs, retryInMs } = attempt;
  const { id, endpoint, tenant, type } = delivery;
  const fields = {
    delivery: id,
    endpoint,
    tenant,
    type,
    attempt: delivery.attempts + 1,
    httpStatus,
    durationMs,
  };
  if (verdict.kind === 'delivered') logger.debug(fields, 'a webhook was delivered');
  else if (outcome === 'retrying')
    logger.info(
      { ...fields, error: verdict.error, retryInMs },
      'a delivery to a webhook failed; it is tried again',
    );
  else logger.warn({ ...fields, error: verdict.error, outcome }, 'a delivery to a webhook was given up');
}

export const webhookCatalogue = defineMetrics({
  attempts: {
    kind: 'counter',
    name: 'trunkline_webhook_attempts_total',
    help: 'Attempts at deliveries, by how they went.',
    labels: { outcome: ['delivered', 'failed'] },
  },
  deliveries: {
    kind: 'counter',
    name: 'trunkline_webhook_deliveries_total',
    help: 'Deliveries that came to an end, by how; overtaken ones were settled by somebody else.',
    labels: { outcome: 'delivered, failed, overtaken and the like' },
  },
  seconds: {
    kind: 'histogram',
    name: 'trunkline_webhook_attempt_seconds',
    help: 'How long receivers took to answer.',
  },
  lag: {
    kind: 'histogram',
    name: 'trunkline_webhook_lag_seconds',
    help: 'From the making of a delivery to its success.',
  },
  created: {
    kind: 'counter',
    name: 'trunkline_webhook_created_total',
    help: 'Deliveries that were made of committed changes.',
  },
  dropped: {
    kind: 'counter',
    name: 'trunkline_webhook_dropped_total',
    help: 'Changes that were not kept for an endpoint because its backlog was full.',
  },
  disabled: {
    kind: 'counter',
    name: 'trunkline_webhook_disabled_total',
    help: 'Endpoints that were disabled because nothing reached them.',
    labels: { reason: 'failing, gone' },
  },
  found: {
    kind: 'counter',
    name: 'trunkline_webhook_jobs_repaired_total',
    help: 'Deliveries that had lost their jobs.',
  },
  backlog: {
    kind: 'gauge',
    name: 'trunkline_webhook_backlog',
    help: 'Deliveries that are not finished, by status.',
    labels: { status: ['waiting', 'out', 'retrying'] },
  },
  oldest: {
    kind: 'gauge',
    name: 'trunkline_webhook_oldest_waiting_seconds',
    help: 'How long the oldest delivery that was not tried yet has waited.',
  },
  endpoints: {
    kind: 'gauge',
    name: 'trunkline_webhook_endpoints',
    help: 'Endpoints, by state.',
    labels: { state: ['enabled', 'disabled'] },
  },
});
