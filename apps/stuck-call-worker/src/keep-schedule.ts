import {
  scheduleId,
  sweepJobOptions,
  type BatchJob,
  type SweepJob,
  type SweepRequest,
} from '@trunkline/stuck-calls';
import type { Queue } from 'bullmq';
import { isDeepStrictEqual } from 'node:util';
import type { SweepTiming } from './settings.ts';

export interface WantedSchedule {
  readonly timing: SweepTiming;
  readonly request: SweepRequest;
}

type SweepQueue = Queue<SweepJob | BatchJob, unknown>;

/**
 * Makes the schedule what it should be and returns what had to be done; null where all was well. Redis may have lost its
 * data, somebody may have removed the next job, settings may have changed: so it is looked at again and again.
 */
export async function keepSchedule(queue: SweepQueue, wanted: WantedSchedule): Promise<string | null> {
  const known = await queue.getJobScheduler(scheduleId);
  if (known === undefined || known === null) {
    await schedule(queue, wanted);
    return 'was made';
  }
  if (!isAsWanted(known, wanted)) {
    await queue.removeJobScheduler(scheduleId);
    await schedule(queue, wanted);
    return 'was changed';
  }
  if (await hasNextJob(queue, known.next)) return null;
  // Between the two questions the next job may have become the one after it.
  const again = await queue.getJobScheduler(scheduleId);
  if (again?.next !== known.next) return null;
  await queue.removeJobScheduler(scheduleId);
  await schedule(queue, wanted);
  return 'had lost its next job and was made again';
}

type Known = NonNullable<Awaited<ReturnType<SweepQueue['getJobScheduler']>>>;

function isAsWanted(known: Known, { timing, request }: WantedSchedule): boolean {
  const isTimed = 'cron' in timing ? known.pattern === timing.cron : known.every === timing.everyMs;
  return isTimed && isDeepStrictEqual(known.template?.data, { request });
}

/** One that is finished is none: whoever worked on it died before it could make the one after it. */
async function hasNextJob(queue: SweepQueue, next: number | undefined): Promise<boolean> {
  if (next === undefined) return false;
  const job = await queue.getJob(`repeat:${scheduleId}:${next}`);
  return job !== undefined && job.finishedOn === undefined;
}

async function schedule(queue: SweepQueue, { timing, request }: WantedSchedule): Promise<void> {
  const repeat = 'cron' in timing ? { pattern: timing.cron, tz: 'UTC' } : { every: timing.everyMs };
  await queue.upsertJobScheduler(scheduleId, repeat, {
    name: 'sweep',
    data: { request },
    opts: sweepJobOptions,
  });
}
