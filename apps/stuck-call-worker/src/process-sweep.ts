import { createHash } from 'node:crypto';
import { WorkLeaseLostError } from '@trunkline/database';
import {
  batchResultSchema,
  beginSweep,
  boundsOf,
  finishSweep,
  holdLease,
  leaseOf,
  limitsOf,
  planSweep,
  reportOf,
  sweepJobSchema,
  type BegunSweep,
  type SweepJob,
  type SweepReport,
  type SweepWork,
} from '@trunkline/stuck-calls';
import type { JobUnderWay } from '@trunkline/worker-kit';
import { WaitingChildrenError } from 'bullmq';
import * as v from 'valibot';
import type { AnyJob, WorkerHost } from './worker-host.ts';

/** A batch that fails three times is left to the next sweep; its result is kept with its parent and nowhere else. */
const batchOptions = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1_000 },
  removeOnComplete: true,
  removeOnFail: true,
  ignoreDependencyOnFailure: true,
} as const;

/**
 * A sweep as a job, in three steps of which each may be begun again after a crash: it takes the lease and plans, writes
 * the plan into the job, and hands batches out; while they are worked on it waits without a worker; then it sums up. What
 * decides that no two sweeps are under way is the lease in the database, whatever queue and schedule do.
 */
export async function processSweep(
  host: WorkerHost,
  job: AnyJob,
  { token }: JobUnderWay,
): Promise<SweepReport> {
  const data = v.parse(sweepJobSchema, job.data);
  const begun = data.begun ?? (await begin(host, job, data));
  if (begun === null) {
    return over(host, job, reportOf({ ...toldOf(data, sweepIdOf(job)), state: 'busy' }, []));
  }
  await handOut(host, job, data, begun);
  if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError();
  return over(host, job, await sumUp(host, job, data, begun));
}

/** Null where another sweep is under way. */
async function begin(
  { context, limits: set }: WorkerHost,
  job: AnyJob,
  data: SweepJob,
): Promise<BegunSweep | null> {
  const { request } = data;
  const work: SweepWork = { sweep: sweepIdOf(job), request, limits: limitsOf(request, set) };
  await using lease = request.dryRun
    ? undefined
    : await holdLease(context.database, leaseOf(work), boundsOf(context).leaseMs);
  if (lease === null) return null;
  const reopened = request.dryRun ? [] : await beginSweep(context, work);
  const { ranges, found, more } = await planSweep(context, work);
  const begun = { sweep: work.sweep, limits: work.limits, ranges: [...ranges], found, more, reopened };
  await job.updateData({ ...data, begun });
  return begun;
}

/** The same for each attempt at a job, so that whoever goes on with it holds the lease already. */
function sweepIdOf(job: AnyJob): string {
  const hex = createHash('sha256').update(`sweep ${job.id}`).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}

/** Done again where it was broken off: a batch that is there already is not added twice, and one done twice does no harm. */
async function handOut(
  { queue }: WorkerHost,
  job: AnyJob,
  { request }: SweepJob,
  { sweep, limits, ranges, found }: BegunSweep,
): Promise<void> {
  const { processed = 0, unprocessed = 0, ignored = 0, failed = 0 } = await job.getDependenciesCount();
  if (processed + unprocessed + ignored + failed >= ranges.length) return;
  await job.updateProgress({ found, batches: ranges.length });
  const parent = { id: job.id ?? '', queue: job.queueQualifiedName };
  await queue.addBulk(
    ranges.map((range, index) => ({
      name: 'batch',
      data: { sweep, request, limits, range },
      opts: { ...batchOptions, jobId: `${sweep}-${index}`, parent },
    })),
  );
}

async function sumUp(
  { context }: WorkerHost,
  job: AnyJob,
  data: SweepJob,
  { sweep, limits, more, reopened }: BegunSweep,
): Promise<SweepReport> {
  const values = Object.values(await job.getChildrenValues<unknown>());
  const calls = values.flatMap((value) => v.parse(batchResultSchema, value).calls);
  const { ignored = 0 } = await job.getDependenciesCount({ ignored: true });
  const told = { ...toldOf(data, sweep), failedBatches: ignored, more };
  const state = await finish();
  return reportOf({ ...told, state }, [...reopened, ...calls]);

  async function finish(): Promise<SweepReport['state']> {
    if (data.request.dryRun) return 'done';
    try {
      await finishSweep(context, { sweep, request: data.request, limits });
      return 'done';
    } catch (error) {
      if (error instanceof WorkLeaseLostError) return 'overtaken';
      throw error;
    }
  }
}

const toldOf = ({ request }: SweepJob, sweep: string) => ({
  sweep,
  dryRun: request.dryRun,
  verify: request.verify,
});

function over({ events }: WorkerHost, job: AnyJob, report: SweepReport): SweepReport {
  const startedAt = job.timestamp + (job.opts.delay ?? 0);
  events.sweepOver(report, Math.max(0, Date.now() - startedAt) / 1000);
  return report;
}
