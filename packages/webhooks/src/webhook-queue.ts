import {
  withDeadline,
  type Logger,
  type RedisConnection,
  type RedisConnections,
} from '@trunkline/service-kit';
import { Queue, type JobsOptions } from 'bullmq';
import * as v from 'valibot';

/** Where the jobs are. One hash tag for all keys, so that on a cluster they lie on one node. */
export const webhookQueue = (prefix: string): { readonly name: string; readonly prefix: string } => ({
  name: 'webhooks',
  prefix: `${prefix}:{webhooks}`,
});

/** Ids only: what is delivered lies in PostgreSQL, and Redis keeps no phone numbers. */
export const deliveryJobSchema = v.object({ delivery: v.string(), round: v.number() });
export type DeliveryJob = v.InferOutput<typeof deliveryJobSchema>;

/** One round of a delivery has one job, however often it is handed out. */
export const jobIdOf = ({ delivery, round }: DeliveryJob): string => `${delivery}.${round}`;

/** PostgreSQL decides when it is enough; this only has to be more. */
const attemptsMax = 1_000;

/** How long deliveries that were given up can be seen among the jobs; the log has them for longer. */
const failedKept = { age: 24 * 3_600, count: 1_000 } as const;

export const deliveryJobOptions = (job: DeliveryJob): JobsOptions => ({
  jobId: jobIdOf(job),
  attempts: attemptsMax,
  backoff: { type: 'webhook' },
  removeOnComplete: true,
  removeOnFail: failedKept,
});

export interface WebhookQueue extends AsyncDisposable {
  /**
   * Hands deliveries out that PostgreSQL has as `out`. What Redis does not take is no loss: whoever keeps house among the
   * workers finds them without a job. So it never rejects.
   */
  enqueue(jobs: readonly DeliveryJob[]): Promise<void>;
}

export interface WebhookQueueOptions {
  readonly redis: Pick<RedisConnections, 'open' | 'whenReady' | 'close'>;
  readonly prefix: string;
  readonly logger: Logger;
}

/** Somebody waits for what was asked for, and it is safe already. */
const redisWithinMs = 2_000;

/**
 * The side of whoever wants deliveries made: command line and API. It connects when there is something to hand out. Workers
 * have a queue of their own already.
 */
export function createWebhookQueue(options: WebhookQueueOptions): WebhookQueue {
  const { redis, logger } = options;
  let opened: OpenQueue | undefined;

  async function add(jobs: readonly DeliveryJob[]): Promise<void> {
    opened ??= openQueue(options);
    const { connection, queue } = opened;
    if (connection.status !== 'ready') await redis.whenReady(connection, redisWithinMs);
    await withDeadline(addDeliveryJobs(queue, jobs), redisWithinMs, 'handing deliveries out');
  }

  return {
    async enqueue(jobs) {
      if (jobs.length === 0) return;
      try {
        await add(jobs);
      } catch (error) {
        logger.debug({ err: error, jobs: jobs.length }, 'deliveries wait for a worker to find them');
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
  readonly queue: Queue<DeliveryJob>;
}

function openQueue({ redis, prefix, logger }: WebhookQueueOptions): OpenQueue {
  const connection = redis.open('bullmq producer');
  const { name, prefix: tagged } = webhookQueue(prefix);
  const queue = new Queue<DeliveryJob>(name, {
    connection,
    prefix: tagged,
    skipVersionCheck: true,
    skipWaitingForReady: true,
    skipMetasUpdate: true,
  });
  queue.on('error', (error) => logger.debug({ err: error }, 'the queue of webhooks is disturbed'));
  return { connection, queue };
}

/** So many jobs go to Redis in one piece. */
const addedAtOnceMax = 500;

export async function addDeliveryJobs(
  queue: Pick<Queue<DeliveryJob>, 'addBulk'>,
  jobs: readonly DeliveryJob[],
): Promise<void> {
  for (let first = 0; first < jobs.length; first += addedAtOnceMax) {
    await queue.addBulk(
      jobs
        .slice(first, first + addedAtOnceMax)
        .map((data) => ({ name: 'deliver', data, opts: deliveryJobOptions(data) })),
    );
  }
}
