import { createWebhookQueue, createWebhooks, targetPolicyOf, type Webhooks } from '@trunkline/webhooks';
import type { Bench } from '../bench.ts';

/** Webhooks as the bench reaches them. Redis is needed by none of their commands: without it a worker is slower to notice. */
export async function withWebhooks<Result>(
  bench: Bench,
  work: (webhooks: Webhooks) => Promise<Result>,
): Promise<Result> {
  const { settings, logger } = bench;
  const database = await bench.database();
  await using queue = createWebhookQueue({ redis: bench.redis(), prefix: settings.stores.prefix, logger });
  const policy = targetPolicyOf(settings.webhooks);
  return await work(
    createWebhooks({
      database,
      queue,
      keys: settings.webhooks.keys,
      policy,
      relay: (messages) => bench.relay(messages),
    }),
  );
}
