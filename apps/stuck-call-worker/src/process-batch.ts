import { WorkLeaseLostError } from '@trunkline/database';
import {
  batchJobSchema,
  boundsOf,
  holdLease,
  leaseOf,
  sweepRange,
  type BatchResult,
  type SweepWork,
} from '@trunkline/stuck-calls';
import type { JobUnderWay } from '@trunkline/worker-kit';
import * as v from 'valibot';
import type { AnyJob, WorkerHost } from './worker-host.ts';

/**
 * One stretch of a sweep. Whoever works on it keeps the sweep's lease alive; where another sweep has taken over, nothing
 * is done, since that one looks at the same calls.
 */
export async function processBatch(
  { context }: WorkerHost,
  job: AnyJob,
  { stop }: JobUnderWay,
): Promise<BatchResult> {
  const { range, ...work } = v.parse(batchJobSchema, job.data);
  if (work.request.dryRun) return { calls: await sweepRange(context, work, range, { signal: stop }) };
  await using lease = await holdLease(context.database, leaseOf(work), boundsOf(context).leaseMs);
  if (lease === null) return { calls: [] };
  const signal = AbortSignal.any([stop, lease.signal]);
  return {
    calls: await unlessOvertaken(() => sweepRange(context, work satisfies SweepWork, range, { signal })),
  };
}

async function unlessOvertaken<Call>(work: () => Promise<Call[]>): Promise<Call[]> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorkLeaseLostError) return [];
    throw error;
  }
}
