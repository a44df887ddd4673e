import { randomUUID } from 'node:crypto';
import type { Database, OutboxMessage } from '@trunkline/database';
import type { StuckCallLimits } from '@trunkline/domain';
import { createPbxCommands } from '@trunkline/pbx-commands';
import {
  assert,
  withDeadline,
  type Health,
  type Logger,
  type Metrics,
  type RedisConnections,
} from '@trunkline/service-kit';
import {
  askThrough,
  checkDoubleBookings,
  finishedKept,
  sweepQueue,
  type BatchJob,
  type SweepBounds,
  type SweepContext,
  type SweepJob,
} from '@trunkline/stuck-calls';
import { Queue, WaitingChildrenError, WaitingError, Worker } from 'bullmq';
import { createEvents } from './events.ts';
import { keepSchedule } from './keep-schedule.ts';
import { keepTurning } from './keep-turning.ts';
import { processBatch } from './process-batch.ts';
import { processSweep } from './process-sweep.ts';
import type { SweepTiming } from './settings.ts';
import type { AnyJob, WorkerHost } from './worker-host.ts';

export interface StuckCallWorkerOptions {
  readonly database: Database;
  readonly redis: RedisConnections;
  readonly prefix: string;
  readonly timing: SweepTiming;
  readonly limits: StuckCallLimits;
  /** Whether scheduled sweeps ask the PBX. */
  readonly verify: boolean;
  /** How long a PBX may take to answer. */
  readonly answerMs: number;
  /** Batches that this replica works on at once. */
  readonly parallel: number;
  readonly doubleBookingEveryMs: number;
  /** Takes committed messages to the screens. */
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health?: Health;
  readonly bounds?: Partial<SweepBounds>;
  readonly tuning?: Partial<WorkerTuning>;
}

export interface WorkerTuning {
  /** How long a replica may be silent about a job before it counts as dead and another one goes on with it. */
  readonly lockMs: number;
  /** How often such jobs are looked for. */
  readonly stalledLookMs: number;
  /** How often the schedule is looked at; so long it may be missing after Redis has lost its data. */
  readonly scheduleLookMs: number;
  /** How long a stop waits for jobs to be put back. */
  readonly stopMs: number;
}

export const WORKER_TUNING: WorkerTuning = {
  lockMs: 10_000,
  stalledLookMs: 5_000,
  scheduleLookMs: 5_000,
  stopMs: 4_000,
};

export interface StuckCallWorker {
  /** Resolves once the stores answer. */
  start(): Promise<void>;
  /** Puts back what is under way, so that others go on with it. May be called twice. */
  stop(): Promise<void>;
}

/** A job that took down so many workers is not given to another one; the next sweep finds its calls again. */
const stalledMax = 5;
const readyCheckMs = 700;
const loopSilenceMs = 120_000;

/** One replica: jobs of the queue on one side, two small loops on the other, of which each runs in one replica only. */
export function createStuckCallWorker(options: StuckCallWorkerOptions): StuckCallWorker {
  const { database, redis, prefix, limits, verify, logger, metrics, health, doubleBookingEveryMs } = options;
  const tuning = { ...WORKER_TUNING, ...options.tuning };
  const stopping = new AbortController();
  const holder = randomUUID();
  const events = createEvents(metrics, logger);
  const commands = createPbxCommands({ redis, prefix, logger });
  const producer = redis.open('bullmq producer');
  const consumer = redis.open('bullmq worker');
  const { name, prefix: tagged } = sweepQueue(prefix);
  const queue = new Queue<SweepJob | BatchJob, unknown>(name, {
    connection: producer,
    prefix: tagged,
    skipVersionCheck: true,
    skipWaitingForReady: true,
  });
  queue.on('error', (error) => logger.debug({ err: error }, 'the queue of sweeps is disturbed'));

  const context: SweepContext = {
    database,
    ask: askThrough(commands, options.answerMs),
    relay: options.relay,
    logger,
    onCall: (swept) => events.callSwept(swept),
    ...(options.bounds && { bounds: options.bounds }),
  };
  const host: WorkerHost = { context, limits, queue, events, logger };
  let worker: Worker<SweepJob | BatchJob, unknown> | undefined;
  let loops: Promise<unknown> = Promise.resolve();
  let stopped: Promise<void> | undefined;

  function startWorker(): void {
    worker = new Worker<SweepJob | BatchJob, unknown>(
      name,
      (job, token) => carryOut(host, job, token, stopping),
      {
        connection: consumer,
        prefix: tagged,
        skipVersionCheck: true,
        concurrency: options.parallel,
        lockDuration: tuning.lockMs,
        stalledInterval: tuning.stalledLookMs,
        maxStalledCount: stalledMax,
        removeOnComplete: finishedKept,
        removeOnFail: finishedKept,
      },
    );
    worker.on('error', (error) => logger.debug({ err: error }, 'the work on sweeps is disturbed'));
    worker.on('failed', (job, error) => {
      if (job?.name === 'sweep' && job.finishedOn !== undefined) events.sweepFailed(error);
      else logger.warn({ err: error, job: job?.id }, 'a part of a sweep failed; it is tried again');
    });
  }

  /** Of two replicas with the same work one does it, until it dies or stops. */
  function loop(
    what: string,
    everyMs: number,
    work: (signal: AbortSignal) => Promise<void>,
    onIdle?: () => void,
  ) {
    return keepTurning({
      database,
      lease: { name: what, holder },
      leaseMs: Math.max(5_000, 3 * everyMs),
      everyMs,
      logger,
      stop: stopping.signal,
      work,
      ...(onIdle && { onIdle }),
      beat: health?.progress(what, { silenceMsMax: loopSilenceMs + everyMs }),
    });
  }

  async function repairSchedule(): Promise<void> {
    if (producer.status !== 'ready') return;
    const request = { dryRun: false, verify, by: 'schedule' };
    const done = await keepSchedule(queue, { timing: options.timing, request });
    if (done !== null) events.scheduled(done);
  }

  const doubleBookingLease = { name: 'stuck-call-double-bookings', holder };
  const lookForDoubles = async (signal: AbortSignal): Promise<void> =>
    events.looked(await checkDoubleBookings(context, doubleBookingLease, undefined, signal));

  async function stop(): Promise<void> {
    stopping.abort(new Error('this worker stops'));
    await Promise.all([loops, closeWorker(worker, tuning.stopMs)]);
    await queue.close();
    await commands[Symbol.asyncDispose]();
    await Promise.all([redis.close(producer), redis.close(consumer)]);
  }

  return {
    async start() {
      await Promise.all([redis.whenReady(producer), redis.whenReady(consumer), database.ping()]);
      health?.check('database', () => withDeadline(database.ping(), readyCheckMs, 'asking the database'));
      health?.check('redis', async () => void (await producer.ping()));
      startWorker();
      loops = Promise.all([
        loop('stuck-call-schedule', tuning.scheduleLookMs, repairSchedule),
        loop(doubleBookingLease.name, doubleBookingEveryMs, lookForDoubles, () => events.lookedAway()),
      ]);
      logger.info({ replica: holder, timing: options.timing, limits, verify }, 'stuck-call worker started');
    },
    stop: () => (stopped ??= stop()),
  };
}

/**
 * What a stop breaks off goes back to the queue at once, and costs none of its attempts: another replica goes on with it.
 */
async function carryOut(
  host: WorkerHost,
  job: AnyJob,
  token: string | undefined,
  stopping: AbortController,
): Promise<unknown> {
  assert(token !== undefined, 'a job is worked on under a token');
  const underWay = { token, stop: stopping.signal };
  try {
    return await (job.name === 'sweep'
      ? processSweep(host, job, underWay)
      : processBatch(host, job, underWay));
  } catch (error) {
    if (!stopping.signal.aborted || error instanceof WaitingChildrenError) throw error;
    await job.moveToWait(token);
    throw new WaitingError();
  }
}

async function closeWorker(worker: Worker | undefined, withinMs: number): Promise<void> {
  if (worker === undefined) return;
  try {
    await withDeadline(worker.close(), withinMs, 'closing the work on sweeps');
  } catch {
    await withDeadline(worker.close(true), withinMs, 'closing the work on sweeps by force').catch(
      () => undefined,
    );
  }
}
