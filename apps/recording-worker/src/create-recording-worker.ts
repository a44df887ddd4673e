import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Database, OutboxMessage } from '@trunkline/database';
import {
  recordingJobSchema,
  recordingQueue,
  retryTuning,
  type RecordingJob,
  type RetryTuning,
} from '@trunkline/recordings';
import {
  repeat,
  type Health,
  type Logger,
  type Metrics,
  type RedisConnections,
} from '@trunkline/service-kit';
import type { FileStorage } from '@trunkline/storage';
import { createJobReplica, type JobTuning, type JobUnderWay } from '@trunkline/worker-kit';
import { DelayedError, type Job } from 'bullmq';
import * as v from 'valibot';
import { createEvents } from './events.ts';
import { fetchRecording } from './fetch.ts';
import { count, findDue, keepHouse } from './loops.ts';
import type { OpenSound, WorkerHost } from './worker-host.ts';

export interface RecordingWorkerOptions {
  readonly database: Database;
  readonly redis: RedisConnections;
  readonly prefix: string;
  readonly storage: FileStorage;
  readonly openSound: OpenSound;
  readonly bytesMax: number;
  /** Recordings that this replica fetches at once. */
  readonly parallel: number;
  /** Takes committed messages to the screens. */
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health?: Health;
  readonly tuning?: Partial<WorkerTuning>;
}

export interface WorkerTuning extends JobTuning {
  readonly retry: RetryTuning;
  readonly leaseMs: number;
  readonly fetchMs: number;
  /** How soon a recording comes back whose PBX gives out another one. */
  readonly busyMs: number;
  /** How often is looked for what is due, for what is too old, and how much waits. */
  readonly lookEveryMs: number;
  readonly keepHouseEveryMs: number;
  readonly countEveryMs: number;
}

export const WORKER_TUNING: WorkerTuning = {
  retry: retryTuning,
  leaseMs: 30_000,
  fetchMs: 30 * 60_000,
  busyMs: 1_000,
  lookEveryMs: 1_000,
  keepHouseEveryMs: 60_000,
  countEveryMs: 15_000,
  lockMs: 15_000,
  stalledLookMs: 5_000,
  finishMs: 8_000,
  stopMs: 3_000,
};

export interface RecordingWorker {
  /** Resolves once the stores answer. */
  start(): Promise<void>;
  /** Lets downloads under way finish, and puts back what takes too long. May be called twice. */
  stop(): Promise<void>;
}

/** One replica: jobs of the queue on one side, a few loops on the other. Any number of them share the work. */
export function createRecordingWorker(options: RecordingWorkerOptions): RecordingWorker {
  const { database, redis, prefix, storage, openSound, bytesMax, relay, logger, metrics, health } = options;
  const tuning = { ...WORKER_TUNING, ...options.tuning };
  const holder = `${hostname()}/${randomUUID().slice(0, 8)}`;
  const replica = createJobReplica<RecordingJob, void>({
    database,
    redis,
    queue: recordingQueue(prefix),
    about: 'recordings',
    carryOut: (job, underWay) => carryOut(host, tuning.busyMs, job, underWay),
    onFailed: (job, error) =>
      logger.warn(
        { err: error, recording: job?.data.recording },
        'a fetch was disturbed; the recording is fetched again',
      ),
    parallel: options.parallel,
    tuning,
    logger,
    health,
  });
  const { retry, leaseMs, fetchMs } = tuning;
  const host: WorkerHost = {
    database,
    queue: replica.queue,
    storage,
    openSound,
    bytesMax,
    retry,
    leaseMs,
    fetchMs,
    relay,
    events: createEvents(metrics, logger),
    logger,
  };
  const loop = (name: string, everyMs: number, work: () => Promise<void>): void =>
    replica.keep(name, everyMs, (turns) => repeat(work, { ...turns, name, logger }));
  loop('finding recordings', tuning.lookEveryMs, () => findDue(host));
  loop('keeping recordings', tuning.keepHouseEveryMs, () => keepHouse(host, holder, tuning.keepHouseEveryMs));
  loop('counting recordings', tuning.countEveryMs, () => count(host));

  return {
    async start() {
      await replica.start();
      logger.info({ replica: holder, parallel: options.parallel }, 'recording worker started');
    },
    stop: () => replica.stop(),
  };
}

/** Each time later, so that what waits for a slow PBX turns few wheels. */
const busyMsMax = 30_000;

async function carryOut(
  host: WorkerHost,
  busyMs: number,
  job: Job<RecordingJob, void>,
  { token, stop }: JobUnderWay,
): Promise<void> {
  const outcome = await fetchRecording(host, v.parse(recordingJobSchema, job.data), stop);
  if (outcome === 'over') return;
  const turnedAway = Math.min(10, Math.max(0, job.attemptsStarted - job.attemptsMade - 1));
  const waitMs = Math.min(busyMsMax, busyMs * 2 ** turnedAway) * (0.5 + Math.random());
  await job.moveToDelayed(Date.now() + Math.ceil(waitMs), token);
  throw new DelayedError();
}
