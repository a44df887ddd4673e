import { OutboxRelay } from '@trunkline/database';
import { createFeed } from '@trunkline/feed';
import { runService, type Service } from '@trunkline/service-kit';
import { targetPolicyOf } from '@trunkline/webhooks';
import { openStores } from '@trunkline/worker-kit';
import { createWebhookWorker } from './create-webhook-worker.ts';
import { keysOf, webhookWorkerSettings, stopBudgetMs } from './settings.ts';

/** Statements here are short, and those under way together few: a delivery holds no connection while it waits for its answer. */
const databaseConnectionsMax = 10;

/** What the database does not answer by then is asked anew on another connection. */
const databaseSilenceMs = 10_000;

async function start(service: Service<typeof webhookWorkerSettings>): Promise<void> {
  const { settings, logger, metrics, health, shutdown } = service;
  const { stores, webhooks, work } = settings;
  const keys = keysOf(webhooks);
  const { database, redis } = await openStores(service, {
    connectionsMax: databaseConnectionsMax,
    silenceMs: databaseSilenceMs,
  });

  const feed = createFeed({ redis, prefix: stores.prefix, metrics });
  await feed.ready();
  const relay = new OutboxRelay(database, (messages) => feed.deliver(messages));
  const worker = createWebhookWorker({
    database,
    redis,
    prefix: stores.prefix,
    keys,
    policy: targetPolicyOf(webhooks),
    bounds: { disableAfterMs: work.disableAfterMs, backlogMax: work.backlogMax },
    parallel: work.parallel,
    logKeptMs: work.logKeptMs,
    relay: (messages) => relay.relay(messages),
    logger,
    metrics,
    health,
  });
  shutdown.add('loops', 'webhook worker', () => worker.stop(), { budgetMs: stopBudgetMs });
  await worker.start();
}

await runService({ name: 'webhook-worker', settings: webhookWorkerSettings, start });
