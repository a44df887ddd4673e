import { randomUUID } from 'node:crypto';
import type { Database, OutboxMessage } from '@trunkline/database';
import type { StuckCallLimits } from '@trunkline/domain';
import { createPbxCommands } from '@trunkline/pbx-commands';
import type { Health, Logger, Metrics, RedisConnections } from '@trunkline/service-kit';
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
import { createJobReplica, type JobTuning, type Turns } from '@trunkline/worker-kit';
import { createEvents } from './events.ts';
import { keepSchedule } from './keep-schedule.ts';
import { keepTurning } from './keep-turning.ts';
import { processBatch } from './process-batch.ts';
import { processSweep } from './process-sweep.ts';
import type { SweepTiming } from './settings.ts';
import type { WorkerHost } from './worker-host.ts';

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

export interface WorkerTuning extends JobTuning {
  /** How often the schedule is looked at; so long it may be missing after Redis has lost its data. */
  readonly scheduleLookMs: number;
}

export const WORKER_TUNING: WorkerTuning = {
  lockMs: 10_000,
  stalledLookMs: 5_000,
  scheduleLookMs: 5_000,
  // A batch is cut off at once: asking a PBX may take long, and its other half is asked anew.
  finishMs: 0,
  stopMs: 4_000,
};

export interface StuckCallWorker {
  /** Resolves once the stores answer. */
  start(): Promise<void>;
  /** Puts back what is under way, so that others go on with it. May be called twice. */
  stop(): Promise<void>;
}

type Work = (signal: AbortSignal) => Promise<void>;

const leaseMsMin = 5_000;

/** One replica: jobs of the queue on one side, two small loops on the other, of which each runs in one replica only. */
export function createStuckCallWorker(options: StuckCallWorkerOptions): StuckCallWorker {
  const { database, redis, prefix, limits, verify, logger, metrics, health, doubleBookingEveryMs } = options;
  const tuning = { ...WORKER_TUNING, ...options.tuning };
  const holder = randomUUID();
  const events = createEvents(metrics, logger);
  const commands = createPbxCommands({ redis, prefix, logger });
  const context: SweepContext = {
    database,
    ask: askThrough(commands, options.answerMs),
    relay: options.relay,
    logger,
    onCall: (swept) => events.callSwept(swept),
    ...(options.bounds && { bounds: options.bounds }),
  };
  const replica = createJobReplica<SweepJob | BatchJob, unknown>({
    database,
    redis,
    queue: sweepQueue(prefix),
    about: 'sweeps',
    carryOut: (job, underWay) =>
      job.name === 'sweep' ? processSweep(host, job, underWay) : processBatch(host, job, underWay),
    onFailed: (job, error) => {
      if (job?.name === 'sweep' && job.finishedOn !== undefined) events.sweepFailed(error);
      else logger.warn({ err: error, job: job?.id }, 'a part of a sweep failed; it is tried again');
    },
    parallel: options.parallel,
    tuning,
    kept: { removeOnComplete: finishedKept, removeOnFail: finishedKept },
    logger,
    health,
  });
  const { queue } = replica;
  const host: WorkerHost = { context, limits, queue, events, logger };
  let stopped: Promise<void> | undefined;

  /** Of two replicas with the same work one does it, until it dies or stops. */
  function keepInOne(name: string, everyMs: number, work: Work, onIdle?: () => void): void {
    const leaseMs = Math.max(leaseMsMin, 3 * everyMs);
    const turning = { database, lease: { name, holder }, leaseMs, logger, work, ...(onIdle && { onIdle }) };
    replica.keep(name, everyMs, (turns: Turns) => keepTurning({ ...turning, ...turns }));
  }

  keepInOne('stuck-call-schedule', tuning.scheduleLookMs, async () => {
    if (!replica.redisAnswers()) return;
    const request = { dryRun: false, verify, by: 'schedule' };
    const done = await keepSchedule(queue, { timing: options.timing, request });
    if (done !== null) events.scheduled(done);
  });

  const doubleBookingLease = { name: 'stuck-call-double-bookings', holder };
  keepInOne(
    doubleBookingLease.name,
    doubleBookingEveryMs,
    async (signal) =>
      events.looked(await checkDoubleBookings(context, doubleBookingLease, undefined, signal)),
    () => events.lookedAway(),
  );

  async function stop(): Promise<void> {
    await replica.stop();
    await commands[Symbol.asyncDispose]();
  }

  return {
    async start() {
      await replica.start();
      logger.info({ replica: holder, timing: options.timing, limits, verify }, 'stuck-call worker started');
    },
    stop: () => (stopped ??= stop()),
  };
}
