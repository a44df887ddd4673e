import { OutboxRelay } from '@trunkline/database';
import { createFeed } from '@trunkline/feed';
import { runService, type Service } from '@trunkline/service-kit';
import { createFolderStorage } from '@trunkline/storage';
import { openStores } from '@trunkline/worker-kit';
import { createImportWorker } from './create-import-worker.ts';
import { importWorkerSettings, stopBudgetMs } from './settings.ts';

/** A chunk is the longest that a statement of ours takes, and may wait for that of another import of its tenant. */
const databaseSilenceMs = 60_000;

/** Besides two for each import: the loops. */
const furtherConnections = 4;

async function start(service: Service<typeof importWorkerSettings>): Promise<void> {
  const { settings, logger, metrics, health, shutdown } = service;
  const { stores, storage, work } = settings;
  const { database, redis } = await openStores(service, {
    connectionsMax: 2 * work.parallel + furtherConnections,
    silenceMs: databaseSilenceMs,
  });

  const feed = createFeed({ redis, prefix: stores.prefix, metrics });
  await feed.ready();
  const relay = new OutboxRelay(database, (messages) => feed.deliver(messages));
  const worker = createImportWorker({
    database,
    redis,
    prefix: stores.prefix,
    storage: createFolderStorage(storage.folder),
    parallel: work.parallel,
    kept: { endedMs: work.keptMs, unstartedMs: work.unstartedMs },
    relay: (messages) => relay.relay(messages),
    logger,
    metrics,
    health,
  });
  shutdown.add('loops', 'import worker', () => worker.stop(), { budgetMs: stopBudgetMs });
  await worker.start();
}

await runService({ name: 'import-worker', settings: importWorkerSettings, start });
