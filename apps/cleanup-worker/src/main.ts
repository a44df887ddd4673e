import { openDatabase } from '@trunkline/database';
import { createRedisConnections, runService, type Service } from '@trunkline/service-kit';
import { createCleanupWorker } from './create-cleanup-worker.ts';
import { cleanupSettings } from './settings.ts';

/** One for each shard that is served at once, one to look around, one to relay, the others for housekeeping and probes. */
const databaseConnectionsMax = 12;

/** What the database does not answer by then is asked anew on another connection. */
const databaseSilenceMs = 12_000;

/** Longer than the batches in hand may take. */
const stopBudgetMs = 10_000;

async function start({ name, settings, logger, metrics, health, shutdown }: Service<typeof cleanupSettings>) {
  const database = await openDatabase({
    url: settings.stores.databaseUrl,
    applicationName: `trunkline-${name}`,
    connectionsMax: databaseConnectionsMax,
    silenceMs: databaseSilenceMs,
    warn: (message) => logger.warn(message),
  });
  shutdown.add('stores', 'database', () => database.close());
  const redis = createRedisConnections({ url: settings.redis.target, logger, name });
  shutdown.add('stores', 'redis', () => redis.closeAll());

  const worker = createCleanupWorker({ settings, database, redis, logger, metrics, health });
  shutdown.add('loops', 'worker', () => worker.stop(), { budgetMs: stopBudgetMs });
  await worker.start();
}

await runService({ name: 'cleanup-worker', settings: cleanupSettings, start });
