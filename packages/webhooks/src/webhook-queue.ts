import { createHandOut, type HandOut, type HandOutOptions } from '@trunkline/worker-kit';
import type { JobsOptions, Queue } from 'bullmq';
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

export type WebhookQueue = HandOut<DeliveryJob>;

/** Hands out deliveries that PostgreSQL has as `out`. */
export const createWebhookQueue = ({
  redis,
  prefix,
  logger,
}: Pick<HandOutOptions<DeliveryJob>, 'redis' | 'logger'> & { readonly prefix: string }): WebhookQueue =>
  createHandOut({ redis, logger, queue: webhookQueue(prefix), about: 'webhooks', add: addDeliveryJobs });

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
