import {
  withDeadline,
  type Logger,
  type RedisConnection,
  type RedisConnections,
} from '@trunkline/service-kit';
import { Queue } from 'bullmq';

export interface HandOut<Data> extends AsyncDisposable {
  /**
   * Hands jobs out of which PostgreSQL knows already. What Redis does not take is no loss: workers find what has no job. So it
   * never rejects.
   */
  enqueue(jobs: readonly Data[]): Promise<void>;
}

export interface HandOutOptions<Data> {
  readonly redis: Pick<RedisConnections, 'open' | 'whenReady' | 'close'>;
  readonly queue: { readonly name: string; readonly prefix: string };
  /** What the jobs are about, in the words of a log line: webhooks, imports. */
  readonly about: string;
  readonly add: (queue: Queue<Data>, jobs: readonly Data[]) => Promise<void>;
  readonly logger: Logger;
}

/** Somebody waits for what was asked for, and it is safe already. */
const redisWithinMs = 2_000;

/**
 * The side of whoever wants something done by workers: command line and API. It connects when there is something to hand out.
 * Workers have a queue of their own already.
 */
export function createHandOut<Data>(options: HandOutOptions<Data>): HandOut<Data> {
  const { redis, about, logger } = options;
  let opened: OpenQueue<Data> | undefined;

  async function add(jobs: readonly Data[]): Promise<void> {
    opened ??= openQueue(options);
    const { connection, queue } = opened;
    if (connection.status !== 'ready') await redis.whenReady(connection, redisWithinMs);
    await withDeadline(options.add(queue, jobs), redisWithinMs, `handing ${about} out`);
  }

  return {
    async enqueue(jobs) {
      if (jobs.length === 0) return;
      try {
        await add(jobs);
      } catch (error) {
        logger.debug({ err: error, jobs: jobs.length }, `${about} wait for a worker to find them`);
      }
    },
    async [Symbol.asyncDispose]() {
      if (opened === undefined) return;
      await opened.queue.close();
      await redis.close(opened.connection);
    },
  };
}

interface OpenQueue<Data> {
  readonly connection: RedisConnection;
  readonly queue: Queue<Data>;
}

function openQueue<Data>({
  redis,
  queue: { name, prefix },
  about,
  logger,
}: HandOutOptions<Data>): OpenQueue<Data> {
  const connection = redis.open('bullmq producer');
  const queue = new Queue<Data>(name, {
    connection,
    prefix,
    skipVersionCheck: true,
    skipWaitingForReady: true,
    skipMetasUpdate: true,
  });
  queue.on('error', (error) => logger.debug({ err: error }, `the queue of ${about} is disturbed`));
  return { connection, queue };
}
