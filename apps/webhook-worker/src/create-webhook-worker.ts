import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Database, OutboxMessage } from '@trunkline/database';
import {
  assert,
  repeat,
  withDeadline,
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
import { DelayedError, Queue, UnrecoverableError, WaitingError, Worker, type Job } from 'bullmq';
import * as v from 'valibot';
import { deliver, type JobOutcome } from './deliver.ts';
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

export interface WorkerTuning {
  readonly scheduleMs: readonly number[];
  /** How long a receiver may take, everything included. */
  readonly answerWithinMs: number;
  /** How often is looked for committed changes, for lost jobs, for what can be forgotten, and how much waits. */
  readonly lookEveryMs: number;
  readonly repairEveryMs: number;
  readonly pruneEveryMs: number;
  readonly countEveryMs: number;
  /** How long a replica may be silent about a job before another one takes it up, and how often such jobs are looked for. */
  readonly lockMs: number;
  readonly stalledLookMs: number;
  /** So long a stop waits for answers; what has none by then is made anew by another replica. */
  readonly finishMs: number;
  readonly stopMs: number;
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

/** A job that took down so many workers is left to whoever repairs jobs. */
const stalledMax = 5;
const readyCheckMs = 700;
const loopSilenceMs = 120_000;

/** What is no answer of a receiver but a trouble of our own, such as a store that is away, is tried again soon. */
const troubleMs = 2_000;
const troubleMsMax = 60_000;

/** One replica: jobs of the queue on one side, a few loops on the other. Any number of them share the work. */
export function createWebhookWorker(options: WebhookWorkerOptions): WebhookWorker {
  const { database, redis, prefix, keys, policy, bounds, relay, logger, metrics, health } = options;
  const tuning = { ...WORKER_TUNING, ...options.tuning };
  const replica = `${hostname()}/${randomUUID().slice(0, 8)}`;
  const stopping = new AbortController();
  const breakingOff = new AbortController();
  const producer = redis.open('bullmq producer');
  const consumer = redis.open('bullmq worker');
  const { name, prefix: tagged } = webhookQueue(prefix);
  const queue = new Queue<DeliveryJob>(name, {
    connection: producer,
    prefix: tagged,
    skipVersionCheck: true,
    skipWaitingForReady: true,
  });
  queue.on('error', (error) => logger.debug({ err: error }, 'the queue of webhooks is disturbed'));
  const { answerWithinMs, scheduleMs } = tuning;
  const { resolve = systemResolve } = options;
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
  const loops: Promise<void>[] = [];
  let worker: Worker<DeliveryJob> | undefined;
  let stopped: Promise<void> | undefined;

  function startWorker(): void {
    worker = new Worker<DeliveryJob>(name, (job, token) => carryOut(host, job, token, breakingOff.signal), {
      connection: consumer,
      prefix: tagged,
      skipVersionCheck: true,
      concurrency: options.parallel,
      lockDuration: tuning.lockMs,
      stalledInterval: tuning.stalledLookMs,
      maxStalledCount: stalledMax,
      settings: { backoffStrategy: (attempts, _type, error) => backoffMs(attempts, error) },
    });
    worker.on('error', (error) => logger.debug({ err: error }, 'the work on webhooks is disturbed'));
    worker.on('failed', (job, error) => {
      if (error instanceof RetryError || error instanceof UnrecoverableError) return;
      logger.warn(
        { err: error, delivery: job?.data.delivery },
        'a delivery was disturbed; it is tried again',
      );
    });
  }

  function loop(what: string, everyMs: number, work: () => Promise<void>): void {
    const beat = health?.progress(what, { silenceMsMax: loopSilenceMs + everyMs });
    const { signal } = stopping;
    loops.push(repeat(work, { name: what, everyMs, logger, signal, beat }).finally(() => beat?.end()));
  }

  async function stop(): Promise<void> {
    stopping.abort(new Error('this worker stops'));
    await Promise.all([...loops, closeWorker(worker, tuning, breakingOff)]);
    await queue.close();
    await Promise.all([redis.close(producer), redis.close(consumer)]);
  }

  return {
    async start() {
      await Promise.all([redis.whenReady(producer), redis.whenReady(consumer), database.ping()]);
      health?.check('database', () => withDeadline(database.ping(), readyCheckMs, 'asking the database'));
      health?.check('redis', async () => void (await producer.ping()));
      startWorker();
      loop('making deliveries', tuning.lookEveryMs, () => makeDeliveries(host, stopping.signal));
      loop('repairing jobs', tuning.repairEveryMs, () => repairJobs(host));
      loop('keeping the log', tuning.pruneEveryMs, () => keepLog(host, replica, options.logKeptMs));
      loop('counting', tuning.countEveryMs, () => count(host));
      logger.info({ replica, policy, bounds, parallel: options.parallel }, 'webhook worker started');
    },
    stop: () => (stopped ??= stop()),
  };
}

/** The receiver has refused; BullMQ is told when to come back. */
class RetryError extends Error {
  override readonly name = 'RetryError';
  readonly waitMs: number;

  constructor(waitMs: number) {
    super('the receiver did not take it; it is tried again');
    this.waitMs = waitMs;
  }
}

const backoffMs = (attempts: number, error: Error | undefined): number =>
  error instanceof RetryError
    ? Math.round(error.waitMs)
    : Math.min(troubleMsMax, troubleMs * 2 ** Math.min(attempts, 10));

/** What a stop breaks off goes back to the queue at once: another replica makes it, under the same id. */
async function carryOut(
  host: WorkerHost,
  job: Job<DeliveryJob>,
  token: string | undefined,
  stop: AbortSignal,
): Promise<void> {
  assert(token !== undefined, 'a job is worked on under a token');
  const turnedAway = Math.max(0, job.attemptsStarted - job.attemptsMade - 1);
  let outcome: JobOutcome;
  try {
    outcome = await deliver(host, v.parse(deliveryJobSchema, job.data), { turnedAway, stop });
  } catch (error) {
    if (!stop.aborted) throw error;
    await job.moveToWait(token);
    throw new WaitingError();
  }
  switch (outcome.kind) {
    case 'later':
      await job.moveToDelayed(Date.now() + Math.ceil(outcome.waitMs), token);
      throw new DelayedError();
    case 'retry':
      throw new RetryError(outcome.waitMs);
    case 'failed':
      throw new UnrecoverableError('the receiver did not take it; the log of deliveries tells why');
    case 'over':
    default:
  }
}

async function closeWorker(
  worker: Worker | undefined,
  { finishMs, stopMs }: WorkerTuning,
  breakingOff: AbortController,
): Promise<void> {
  if (worker === undefined) return;
  const closing = worker.close();
  try {
    await withDeadline(closing, finishMs, 'finishing deliveries');
  } catch {
    breakingOff.abort(new Error('this worker stops'));
    await withDeadline(closing, stopMs, 'putting deliveries back').catch(() =>
      withDeadline(worker.close(true), stopMs, 'closing the work on webhooks by force').catch(
        () => undefined,
      ),
    );
  }
}
