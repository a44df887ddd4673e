import { runService, type Service } from '@trunkline/service-kit';
import { openStores } from '@trunkline/worker-kit';
import { createCleanupWorker } from './create-cleanup-worker.ts';
import { cleanupSettings, stopBudgetMs } from './settings.ts';

/** One for each shard that is served at once, one to look around, one to relay, the others for housekeeping and probes. */
const databaseConnectionsMax = 12;

/** What the database does not answer by then is asked anew on another connection. */
const databaseSilenceMs = 12_000;

async function start(service: Service<typeof cleanupSettings>): Promise<void> {
  const { settings, logger, metrics, health, shutdown } = service;
  const { database, redis } = await openStores(service, {
    connectionsMax: databaseConnectionsMax,
    silenceMs: databaseSilenceMs,
  });

  const worker = createCleanupWorker({ settings, database, redis, logger, metrics, health });
  shutdown.add('loops', 'worker', () => worker.stop(), { budgetMs: stopBudgetMs });
  await worker.start();
}

await runService({ name: 'cleanup-worker', settings: cleanupSettings, start });
