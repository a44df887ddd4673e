import type { Database } from '@trunkline/database';
import {
  assert,
  withDeadline,
  type Health,
  type Heartbeat,
  type Logger,
  type RedisConnections,
} from '@trunkline/service-kit';
import { Queue, WaitingError, Worker, type Job, type WorkerOptions } from 'bullmq';
import { backoffMs, isVerdict } from './job-verdicts.ts';

export interface JobTuning {
  /** How long a replica may be silent about a job before it counts as dead and another one goes on with it. */
  readonly lockMs: number;
  /** How often such jobs are looked for. */
  readonly stalledLookMs: number;
  /** How long a stop lets jobs finish before it breaks them off. */
  readonly finishMs: number;
  /** How long it then waits for them to be put back. */
  readonly stopMs: number;
}

export interface JobUnderWay {
  /** By which BullMQ knows that we hold the job. */
  readonly token: string;
  /** Aborts when the job is broken off, since this process stops. */
  readonly stop: AbortSignal;
}

/** What a loop beside the jobs is given. */
export interface Turns {
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly beat: Heartbeat | undefined;
}

export interface JobReplicaOptions<Data, Result> {
  readonly database: Database;
  readonly redis: RedisConnections;
  readonly queue: { readonly name: string; readonly prefix: string };
  /** What the jobs are about, in the words of a log line: sweeps, webhooks. */
  readonly about: string;
  readonly carryOut: (job: Job<Data, Result>, underWay: JobUnderWay) => Promise<Result>;
  readonly onFailed: (job: Job<Data, Result> | undefined, error: Error) => void;
  /** Jobs that this replica works on at once. */
  readonly parallel: number;
  readonly tuning: JobTuning;
  /** What is kept of finished jobs. */
  readonly kept?: Pick<WorkerOptions, 'removeOnComplete' | 'removeOnFail'>;
  readonly logger: Logger;
  readonly health?: Health | undefined;
}

export interface JobReplica<Data, Result> {
  readonly queue: Queue<Data, Result>;
  /** Whether Redis can be asked just now, for loops that would rather wait than queue up. */
  readonly redisAnswers: () => boolean;
  /** Runs a loop beside the jobs, from the start on. */
  keep(what: string, everyMs: number, run: (turns: Turns) => Promise<void>): void;
  /** Resolves once the stores answer. */
  start(): Promise<void>;
  /** Lets jobs finish, puts back what takes too long. May be called twice. */
  stop(): Promise<void>;
}

/** A job that took down so many workers is given to no further one. */
const stalledMax = 5;
const readyCheckMs = 700;
const loopSilenceMs = 120_000;

/** One of any number of processes that share the jobs of a queue. */
export function createJobReplica<Data, Result>(
  options: JobReplicaOptions<Data, Result>,
): JobReplica<Data, Result> {
  const { database, redis, about, tuning, logger, health } = options;
  const { name, prefix } = options.queue;
  const stopping = new AbortController();
  const breakingOff = new AbortController();
  const producer = redis.open('bullmq producer');
  const consumer = redis.open('bullmq worker');
  const queue: Queue<Data, Result> = new Queue(name, {
    connection: producer,
    prefix,
    skipVersionCheck: true,
    skipWaitingForReady: true,
  });
  queue.on('error', (error) => logger.debug({ err: error }, `the queue of ${about} is disturbed`));
  const loops: { what: string; everyMs: number; run: (turns: Turns) => Promise<void> }[] = [];
  let running: Promise<unknown> = Promise.resolve();
  let worker: Worker<Data, Result> | undefined;
  let stopped: Promise<void> | undefined;

  async function runLoop({ what, everyMs, run }: (typeof loops)[number]): Promise<void> {
    const beat = health?.progress(what, { silenceMsMax: loopSilenceMs + everyMs });
    try {
      await run({ everyMs, signal: stopping.signal, beat });
    } finally {
      beat?.end();
    }
  }

  function startWorker(): Worker<Data, Result> {
    const { carryOut } = options;
    const started = new Worker<Data, Result>(
      name,
      (job, token) => puttingBack(carryOut, job, token, breakingOff.signal),
      {
        connection: consumer,
        prefix,
        skipVersionCheck: true,
        concurrency: options.parallel,
        lockDuration: tuning.lockMs,
        stalledInterval: tuning.stalledLookMs,
        maxStalledCount: stalledMax,
        settings: { backoffStrategy: (attempts, _type, error) => backoffMs(attempts, error) },
        ...options.kept,
      },
    );
    started.on('error', (error) => logger.debug({ err: error }, `the work on ${about} is disturbed`));
    started.on('failed', options.onFailed);
    return started;
  }

  async function closeWorker(): Promise<void> {
    if (worker === undefined) return;
    const { finishMs, stopMs } = tuning;
    const open = worker;
    if (finishMs === 0) breakingOff.abort(new Error('this worker stops'));
    const closing = open.close();
    try {
      if (finishMs > 0) return await withDeadline(closing, finishMs, `finishing ${about}`);
    } catch {
      breakingOff.abort(new Error('this worker stops'));
    }
    const byForce = () => withDeadline(open.close(true), stopMs, `closing the work on ${about} by force`);
    await withDeadline(closing, stopMs, `putting back ${about}`)
      .catch(byForce)
      .catch(() => undefined);
  }

  async function stop(): Promise<void> {
    stopping.abort(new Error('this worker stops'));
    await Promise.all([running, closeWorker()]);
    await queue.close();
    await Promise.all([redis.close(producer), redis.close(consumer)]);
  }

  return {
    queue,
    redisAnswers: () => producer.status === 'ready',
    keep: (what, everyMs, run) => void loops.push({ what, everyMs, run }),
    async start() {
      await Promise.all([redis.whenReady(producer), redis.whenReady(consumer), database.ping()]);
      health?.check('database', () => withDeadline(database.ping(), readyCheckMs, 'asking the database'));
      health?.check('redis', async () => void (await producer.ping()));
      worker = startWorker();
      running = Promise.all(loops.map(runLoop));
    },
    stop: () => (stopped ??= stop()),
  };
}

/** What a stop breaks off goes back to the queue at once, and costs none of its attempts: another replica goes on with it. */
async function puttingBack<Data, Result>(
  carryOut: JobReplicaOptions<Data, Result>['carryOut'],
  job: Job<Data, Result>,
  token: string | undefined,
  stop: AbortSignal,
): Promise<Result> {
  assert(token !== undefined, 'a job is worked on under a token');
  try {
    return await carryOut(job, { token, stop });
  } catch (error) {
    if (!stop.aborted || isVerdict(error)) throw error;
    await job.moveToWait(token);
    throw new WaitingError();
  }
}
