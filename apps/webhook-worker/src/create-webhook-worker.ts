import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Database, OutboxMessage } from '@trunkline/database';
import {
  repeat,
  type Health,
  type Logger,
  type Metrics,
  type RedisConnections,
} from '@trunkline/service-kit';
import {
  deliveryJobSchema,
  retryScheduleMs,
  systemResolve,
  webhookQueue,
  type DeliveryJob,
  type Resolve,
  type SettleBounds,
  type TargetPolicy,
  type WebhookKeys,
} from '@trunkline/webhooks';
import { createJobReplica, RetryAfterError, type JobTuning, type JobUnderWay } from '@trunkline/worker-kit';
import { DelayedError, UnrecoverableError, type Job } from 'bullmq';
import * as v from 'valibot';
import { deliver } from './deliver.ts';
import { createEvents } from './events.ts';
import { count, keepLog, makeDeliveries, repairJobs } from './loops.ts';
import type { WorkerHost } from './worker-host.ts';

export interface WebhookWorkerOptions {
  readonly database: Database;
  readonly redis: RedisConnections;
  readonly prefix: string;
  readonly keys: WebhookKeys;
  readonly policy: TargetPolicy;
  readonly bounds: SettleBounds;
  /** Deliveries that this replica has under way at once. */
  readonly parallel: number;
  /** How long finished deliveries are kept. */
  readonly logKeptMs: number;
  /** Takes committed messages to the screens. */
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health?: Health;
  /** Finds the addresses of a name. */
  readonly resolve?: Resolve;
  readonly tuning?: Partial<WorkerTuning>;
}

export interface WorkerTuning extends JobTuning {
  readonly scheduleMs: readonly number[];
  /** How long a receiver may take, everything included. */
  readonly answerWithinMs: number;
  /** How often is looked for committed changes, for lost jobs, for what can be forgotten, and how much waits. */
  readonly lookEveryMs: number;
  readonly repairEveryMs: number;
  readonly pruneEveryMs: number;
  readonly countEveryMs: number;
}

export const WORKER_TUNING: WorkerTuning = {
  scheduleMs: retryScheduleMs,
  answerWithinMs: 10_000,
  lookEveryMs: 250,
  repairEveryMs: 5_000,
  pruneEveryMs: 60_000,
  countEveryMs: 15_000,
  lockMs: 15_000,
  stalledLookMs: 5_000,
  finishMs: 8_000,
  stopMs: 3_000,
};

export interface WebhookWorker {
  /** Resolves once the stores answer. */
  start(): Promise<void>;
  /** Lets deliveries under way finish, and puts back what takes too long. May be called twice. */
  stop(): Promise<void>;
}

/** One replica: jobs of the queue on one side, a few loops on the other. Any number of them share the work. */
export function createWebhookWorker(options: WebhookWorkerOptions): WebhookWorker {
  const { database, redis, prefix, keys, policy, bounds, relay, logger, metrics, health } = options;
  const tuning = { ...WORKER_TUNING, ...options.tuning };
  const holder = `${hostname()}/${randomUUID().slice(0, 8)}`;
  const replica = createJobReplica<DeliveryJob, void>({
    database,
    redis,
    queue: webhookQueue(prefix),
    about: 'webhooks',
    carryOut: (job, underWay) => carryOut(host, job, underWay),
    onFailed: (job, error) => {
      if (error instanceof RetryAfterError || error instanceof UnrecoverableError) return;
      const delivery = job?.data.delivery;
      logger.warn({ err: error, delivery }, 'a delivery was disturbed; it is tried again');
    },
    parallel: options.parallel,
    tuning,
    logger,
    health,
  });
  const { answerWithinMs, scheduleMs } = tuning;
  const { resolve = systemResolve } = options;
  const { queue } = replica;
  const events = createEvents(metrics, logger);
  const host: WorkerHost = {
    database,
    queue,
    keys,
    policy,
    resolve,
    bounds,
    answerWithinMs,
    scheduleMs,
    relay,
    events,
    logger,
  };

  const loop = (name: string, everyMs: number, work: (stop: AbortSignal) => Promise<void>): void =>
    replica.keep(name, everyMs, (turns) => repeat(() => work(turns.signal), { ...turns, name, logger }));
  loop('making deliveries', tuning.lookEveryMs, (stop) => makeDeliveries(host, stop));
  loop('repairing jobs', tuning.repairEveryMs, () => repairJobs(host));
  loop('keeping the log', tuning.pruneEveryMs, () => keepLog(host, holder, options.logKeptMs));
  loop('counting', tuning.countEveryMs, () => count(host));

  return {
    async start() {
      await replica.start();
      logger.info({ replica: holder, policy, bounds, parallel: options.parallel }, 'webhook worker started');
    },
    stop: () => replica.stop(),
  };
}

async function carryOut(
  host: WorkerHost,
  job: Job<DeliveryJob, void>,
  { token, stop }: JobUnderWay,
): Promise<void> {
  const turnedAway = Math.max(0, job.attemptsStarted - job.attemptsMade - 1);
  const outcome = await deliver(host, v.parse(deliveryJobSchema, job.data), { turnedAway, stop });
  switch (outcome.kind) {
    case 'later':
      await job.moveToDelayed(Date.now() + Math.ceil(outcome.waitMs), token);
      throw new DelayedError();
    case 'retry':
      throw new RetryAfterError('the receiver did not take it; it is tried again', outcome.waitMs);
    case 'failed':
      throw new UnrecoverableError('the receiver did not take it; the log of deliveries tells why');
    case 'over':
    default:
  }
}
