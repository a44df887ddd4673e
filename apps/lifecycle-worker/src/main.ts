import { runService, type Service } from '@trunkline/service-kit';
import { openStores } from '@trunkline/worker-kit';
import { createLifecycleWorker } from './create-lifecycle-worker.ts';
import { lifecycleSettings, stopBudgetMs } from './settings.ts';

/** One for each shard that is served at once, one to look around, one to relay, one for metrics and probes. */
const databaseConnectionsMax = 8;

/** What the database does not answer by then is asked anew on another connection. */
const databaseSilenceMs = 12_000;

async function start(service: Service<typeof lifecycleSettings>): Promise<void> {
  const { settings, logger, metrics, health, shutdown } = service;
  const { database, redis } = await openStores(service, {
    connectionsMax: databaseConnectionsMax,
    silenceMs: databaseSilenceMs,
  });

  const worker = createLifecycleWorker({ settings, database, redis, logger, metrics, health });
  shutdown.add('loops', 'consumer', () => worker.stop(), { budgetMs: stopBudgetMs });
  await worker.start();
}

await runService({ name: 'lifecycle-worker', settings: lifecycleSettings, start });
