import { OutboxRelay } from '@trunkline/database';
import { createFeed } from '@trunkline/feed';
import { createCredentials, credentialVariables } from '@trunkline/pbx';
import { runService, type Service } from '@trunkline/service-kit';
import { createFolderStorage } from '@trunkline/storage';
import { openStores } from '@trunkline/worker-kit';
import { createOpenSound } from './open-sound.ts';
import { createRecordingWorker } from './create-recording-worker.ts';
import { recordingWorkerSettings, stopBudgetMs } from './settings.ts';

/** Statements here are short: a download holds no connection. */
const databaseConnectionsMax = 10;

/** What the database does not answer by then is asked anew on another connection. */
const databaseSilenceMs = 10_000;

async function start(service: Service<typeof recordingWorkerSettings>): Promise<void> {
  const { settings, logger, metrics, health, shutdown } = service;
  const { stores, storage, pbx, work } = settings;
  const { prefix } = stores;
  const { database, redis } = await openStores(service, {
    connectionsMax: databaseConnectionsMax,
    silenceMs: databaseSilenceMs,
  });

  const feed = createFeed({ redis, prefix, metrics });
  await feed.ready();
  const relay = new OutboxRelay(database, (messages) => feed.deliver(messages));
  const credentials = createCredentials({ env: process.env, directory: pbx.credentialsDirectory });
  const worker = createRecordingWorker({
    database,
    redis,
    prefix,
    storage: createFolderStorage(storage.folder),
    openSound: createOpenSound({ redis: redis.open('commands'), prefix, credentials, logger }),
    bytesMax: work.megabytesMax * 1024 * 1024,
    parallel: work.parallel,
    relay: (messages) => relay.relay(messages),
    logger,
    metrics,
    health,
  });
  shutdown.add('loops', 'recording worker', () => worker.stop(), { budgetMs: stopBudgetMs });
  await worker.start();
}

await runService({
  name: 'recording-worker',
  settings: recordingWorkerSettings,
  start,
  alsoKnown: credentialVariables(process.env),
});
