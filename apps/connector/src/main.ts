import { createFeed } from '@trunkline/feed';
import { adapters, createCredentials, credentialVariables } from '@trunkline/pbx';
import { runService, type Service } from '@trunkline/service-kit';
import { openStores } from '@trunkline/worker-kit';
import { createConnector } from './create-connector.ts';
import { connectorSettings, stopBudgetMs } from './settings.ts';

/** Half of a lease: what the database does not answer by then is asked anew on another connection. */
const databaseSilenceMs = 5_000;

/** One for the leases, the others for links; what waits for one waits a moment. */
const databaseConnectionsMax = 10;

async function start(service: Service<typeof connectorSettings>): Promise<void> {
  const { settings, logger, metrics, health, shutdown } = service;
  const { database, redis } = await openStores(service, {
    connectionsMax: databaseConnectionsMax,
    silenceMs: databaseSilenceMs,
  });

  const feed = createFeed({ redis, prefix: settings.stores.prefix, metrics });
  const { credentialsDirectory: directory } = settings.connector;
  const credentials = createCredentials({ env: process.env, directory });
  const connector = createConnector({
    settings,
    database,
    redis,
    adapters,
    credentials,
    deliver: (messages) => feed.deliver(messages),
    logger,
    metrics,
    health,
  });
  shutdown.add('loops', 'connector', () => connector.stop(), { budgetMs: stopBudgetMs });
  await connector.start();
}

await runService({
  name: 'connector',
  settings: connectorSettings,
  start,
  alsoKnown: credentialVariables(process.env),
});
