import { createHandOut, type HandOut, type HandOutOptions } from '@trunkline/worker-kit';
import type { JobsOptions, Queue } from 'bullmq';
import * as v from 'valibot';

/** Where the jobs are. One hash tag for all keys, so that on a cluster they lie on one node. */
export const importQueue = (prefix: string): { readonly name: string; readonly prefix: string } => ({
  name: 'imports',
  prefix: `${prefix}:{imports}`,
});

/** Ids and counts only: what is imported lies in the storage and in PostgreSQL, and Redis keeps no phone numbers. */
export const importJobSchema = v.object({
  import: v.string(),
  /** How far the import was when the job was made: a job that failed there has moved nothing. */
  rowsDone: v.number(),
});
export type ImportJob = v.InferOutput<typeof importJobSchema>;

/** Trouble of stores passes; whoever waits for an import sees that it waits, and may cancel it. */
const attemptsMax = 1_000;
const failedKept = { age: 24 * 3_600, count: 1_000 } as const;

/** An import has one job at a time, however often it is handed out. */
const importJobOptions = (job: ImportJob): JobsOptions => ({
  jobId: job.import,
  attempts: attemptsMax,
  backoff: { type: 'import' },
  removeOnComplete: true,
  removeOnFail: failedKept,
});

export async function addImportJob(queue: Pick<Queue<ImportJob>, 'add'>, job: ImportJob): Promise<void> {
  await queue.add('import', job, importJobOptions(job));
}

export type ImportQueue = HandOut<ImportJob>;

/** Hands out imports that PostgreSQL has as `waiting`. */
export const createImportQueue = ({
  redis,
  prefix,
  logger,
}: Pick<HandOutOptions<ImportJob>, 'redis' | 'logger'> & { readonly prefix: string }): ImportQueue =>
  createHandOut({
    redis,
    logger,
    queue: importQueue(prefix),
    about: 'imports',
    add: async (queue, jobs) => {
      for (const job of jobs) await addImportJob(queue, job);
    },
  });
