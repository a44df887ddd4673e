import { randomUUID } from 'node:crypto';
import {
  monotonicNow,
  sleep,
  withDeadline,
  type Logger,
  type RedisConnections,
} from '@trunkline/service-kit';
import { Queue, type Job } from 'bullmq';
import * as v from 'valibot';
import { finishedKept, scheduleId, sweepProgressSchema, sweepQueue, type SweepJob } from './sweep-jobs.ts';
import { sweepReportSchema, type SweepReport } from './sweep-report.ts';
import { sweepRequestSchema, type SweepRequest } from './sweep-request.ts';
import { SweepRequestError } from './sweep-request-error.ts';

export interface SweepRequestsOptions {
  readonly redis: Pick<RedisConnections, 'open' | 'whenReady' | 'close'>;
  readonly prefix: string;
  readonly logger: Logger;
}

/** `waiting`: no worker has taken it up yet. */
export type SweepStage = 'waiting' | 'planning' | 'sweeping' | 'done' | 'failed';

export interface SweepStatus {
  /** What was asked for. */
  readonly request: SweepRequest;
  readonly stage: SweepStage;
  /** Suspects, once they are counted. */
  readonly found: number | null;
  readonly batches: number;
  readonly batchesDone: number;
  /** When it is done. */
  readonly report: SweepReport | null;
  /** When it has failed. */
  readonly problem: string | null;
}

export interface RequestSweepOptions {
  readonly deadlineMs: number;
  /** A worker that is there takes a request up at once. */
  readonly takenUpWithinMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (status: SweepStatus) => void;
}

export interface SweepSchedule {
  readonly everyMs: number | null;
  readonly cron: string | null;
  readonly nextAt: Date | null;
  readonly request: SweepRequest | null;
}

export interface RecentSweep {
  readonly id: string;
  readonly request: SweepRequest;
  readonly finishedAt: Date;
  readonly report: SweepReport | null;
  readonly problem: string | null;
}

export interface SweepRequests extends AsyncDisposable {
  /** Has a sweep done and waits for its report. Always settles, at the latest a moment after the deadline. */
  requestSweep(request: SweepRequest, options: RequestSweepOptions): Promise<SweepReport>;
  /** The same without waiting: gives the id by which it can be looked at. */
  startSweep(request: SweepRequest): Promise<string>;
  /** Null where nobody knows of it (any more). */
  lookAtSweep(id: string): Promise<SweepStatus | null>;
  /** Null where nothing is scheduled: no worker has ever run, or Redis has just lost its data. */
  readSchedule(): Promise<SweepSchedule | null>;
  /** Sweeps that are over, the newest first. */
  recentSweeps(max?: number): Promise<RecentSweep[]>;
}

const redisAnswerMs = 2_000;
const takenUpWithinMsDefault = 15_000;
const recentMax = 20;

/** How often a sweep under way is looked at: short enough for a progress bar. */
const lookMsMin = 50;
const lookMsMax = 500;

/** The side of whoever wants a sweep: the command line and the API. */
export function createSweepRequests({ redis, prefix, logger }: SweepRequestsOptions): SweepRequests {
  const connection = redis.open('bullmq producer');
  const { name, prefix: tagged } = sweepQueue(prefix);
  const queue = new Queue<SweepJob, unknown>(name, {
    connection,
    prefix: tagged,
    skipVersionCheck: true,
    skipWaitingForReady: true,
    skipMetasUpdate: true,
  });
  queue.on('error', (error) => logger.debug({ err: error }, 'the queue of sweeps is disturbed'));

  async function asked<Result>(what: string, question: () => Promise<Result>): Promise<Result> {
    try {
      if (connection.status !== 'ready') await redis.whenReady(connection, redisAnswerMs);
      return await withDeadline(question(), redisAnswerMs, what);
    } catch (error) {
      const message = `Redis can't be asked about sweeps: ${messageOf(error)}`;
      throw new SweepRequestError('queue', message, { cause: error });
    }
  }

  async function startSweep(request: SweepRequest): Promise<string> {
    const job = { request: v.parse(sweepRequestSchema, request) };
    const jobId = randomUUID();
    await asked('asking for a sweep', () => queue.add('sweep', job, { jobId, ...sweepJobOptions }));
    return jobId;
  }

  async function lookAtSweep(id: string): Promise<SweepStatus | null> {
    const job = await asked('looking at a sweep', () => queue.getJob(id));
    if (job === undefined || job.name !== 'sweep') return null;
    const isWaiting = job.processedOn === undefined;
    const batchesDone = isWaiting ? 0 : await asked('counting batches', () => batchesDoneOf(job));
    return statusOf(job, batchesDone);
  }

  async function requestSweep(request: SweepRequest, options: RequestSweepOptions): Promise<SweepReport> {
    const { deadlineMs, takenUpWithinMs = takenUpWithinMsDefault, signal, onProgress } = options;
    const id = await startSweep(request);
    const startedAt = monotonicNow();
    const past = (ms: number): boolean => monotonicNow() - startedAt >= ms;
    let lookMs = lookMsMin;
    for (;;) {
      await sleep(lookMs, signal).catch(() => undefined);
      lookMs = Math.min(lookMsMax, lookMs * 1.3);
      // A question that fails is asked again: the sweep goes on, and Redis may be back by then.
      const status = await lookAtSweep(id).catch(() => undefined);
      if (status !== undefined && status !== null) onProgress?.(status);
      if (status?.report) return status.report;
      if (status?.stage === 'failed')
        throw new SweepRequestError('failed', status.problem ?? 'the sweep failed');
      if (signal?.aborted === true) throw await withdraw(id, 'aborted');
      const isTakenUp = status?.stage !== 'waiting';
      if (!isTakenUp && past(Math.min(takenUpWithinMs, deadlineMs))) throw await withdraw(id, 'nobody');
      if (past(deadlineMs)) throw await withdraw(id, status === undefined ? 'queue' : 'unfinished');
    }
  }

  /** What nobody has taken up yet is taken back. What is under way goes on: half a sweep is as right as a whole one. */
  async function withdraw(id: string, problem: 'aborted' | 'nobody' | 'unfinished' | 'queue') {
    const removed = await asked('withdrawing a sweep', () => queue.remove(id)).catch(() => 0);
    const untouched = problem === 'nobody' && removed === 1;
    return new SweepRequestError(problem, untouched ? nobodyMessage : messages[problem]);
  }

  return {
    requestSweep,
    startSweep,
    lookAtSweep,
    async readSchedule() {
      const known = await asked('reading the schedule', () => queue.getJobScheduler(scheduleId));
      if (known === undefined || known === null) return null;
      const request = v.safeParse(sweepRequestSchema, known.template?.data?.request);
      return {
        everyMs: known.every ?? null,
        cron: known.pattern ?? null,
        nextAt: known.next === undefined ? null : new Date(known.next),
        request: request.success ? request.output : null,
      };
    },
    async recentSweeps(max = recentMax) {
      const jobs = await asked('listing sweeps', () =>
        queue.getJobs(['completed', 'failed'], 0, finishedKept.count, false),
      );
      return jobs
        .filter((job) => job.name === 'sweep' && job.finishedOn !== undefined)
        .sort((one, other) => (other.finishedOn ?? 0) - (one.finishedOn ?? 0))
        .slice(0, max)
        .map(recentOf);
    },
    async [Symbol.asyncDispose]() {
      await queue.close();
      await redis.close(connection);
    },
  };
}

/** Taken up again after a crash; a sweep that fails three times is left to the schedule. */
export const sweepJobOptions = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1_000 },
  removeOnComplete: finishedKept,
  removeOnFail: finishedKept,
} as const;

const nobodyMessage =
  'no stuck-call worker took the sweep up, so nothing was done; see that apps/stuck-call-worker runs and uses the same Redis and prefix';

const messages = {
  nobody: nobodyMessage,
  unfinished: 'the sweep is not finished yet; it goes on without being waited for',
  aborted: 'nobody waits for the sweep any more; if it had begun, it goes on',
  queue: "Redis can't be reached; the sweep may be under way",
} as const;

async function batchesDoneOf(job: Job<SweepJob>): Promise<number> {
  const { processed = 0, ignored = 0, failed = 0 } = await job.getDependenciesCount();
  return processed + ignored + failed;
}

function statusOf(job: Job<SweepJob>, batchesDone: number): SweepStatus {
  const told = v.safeParse(sweepProgressSchema, job.progress);
  const { found, batches } = told.success ? told.output : { found: null, batches: 0 };
  const report = reportIn(job);
  const problem = problemOf(job);
  const { request } = job.data;
  return { request, stage: stageOf(job, told.success), found, batches, batchesDone, report, problem };
}

function stageOf(job: Job<SweepJob>, isPlanned: boolean): SweepStage {
  if (job.finishedOn !== undefined) return problemOf(job) === null ? 'done' : 'failed';
  if (job.processedOn === undefined) return 'waiting';
  return isPlanned ? 'sweeping' : 'planning';
}

function reportIn(job: Job<SweepJob>): SweepReport | null {
  if (job.finishedOn === undefined) return null;
  const report = v.safeParse(sweepReportSchema, job.returnvalue);
  return report.success ? report.output : null;
}

function problemOf(job: Job<SweepJob>): string | null {
  if (job.finishedOn === undefined || reportIn(job) !== null) return null;
  const { failedReason } = job;
  return failedReason === undefined || failedReason === '' ? 'the report is not understood' : failedReason;
}

const recentOf = (job: Job<SweepJob>): RecentSweep => ({
  id: job.id ?? '',
  request: job.data.request,
  finishedAt: new Date(job.finishedOn ?? 0),
  report: reportIn(job),
  problem: problemOf(job),
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
