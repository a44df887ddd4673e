import {
  withDeadline,
  type Logger,
  type RedisConnection,
  type RedisConnections,
} from '@trunkline/service-kit';
import { Queue, type JobsOptions } from 'bullmq';
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

export interface ImportQueue extends AsyncDisposable {
  /**
   * Hands out an import that PostgreSQL has as `waiting`. What Redis does not take is no loss: a worker finds it without a job within
   * seconds. So it never rejects.
   */
  enqueue(job: ImportJob): Promise<void>;
}

export interface ImportQueueOptions {
  readonly redis: Pick<RedisConnections, 'open' | 'whenReady' | 'close'>;
  readonly prefix: string;
  readonly logger: Logger;
}

/** Somebody waits for the answer, and the import is safe already. */
const redisWithinMs = 2_000;

/** The side of whoever wants files imported: command line and API. It connects when there is something to hand out. */
export function createImportQueue(options: ImportQueueOptions): ImportQueue {
  const { redis, logger } = options;
  let opened: OpenQueue | undefined;

  async function add(job: ImportJob): Promise<void> {
    opened ??= openQueue(options);
    const { connection, queue } = opened;
    if (connection.status !== 'ready') await redis.whenReady(connection, redisWithinMs);
    await withDeadline(addImportJob(queue, job), redisWithinMs, 'handing an import out');
  }

  return {
    async enqueue(job) {
      try {
        await add(job);
      } catch (error) {
        logger.debug({ err: error, import: job.import }, 'an import waits for a worker to find it');
      }
    },
    async [Symbol.asyncDispose]() {
      if (opened === undefined) return;
      await opened.queue.close();
      await redis.close(opened.connection);
    },
  };
}

interface OpenQueue {
  readonly connection: RedisConnection;
  readonly queue: Queue<ImportJob>;
}

function openQueue({ redis, prefix, logger }: ImportQueueOptions): OpenQueue {
  const connection = redis.open('bullmq producer');
  const { name, prefix: tagged } = importQueue(prefix);
  const queue = new Queue<ImportJob>(name, {
    connection,
    prefix: tagged,
    skipVersionCheck: true,
    skipWaitingForReady: true,
    skipMetasUpdate: true,
  });
  queue.on('error', (error) => logger.debug({ err: error }, 'the queue of imports is disturbed'));
  return { connection, queue };
}
