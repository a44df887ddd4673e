import { schemaCheck } from '@trunkline/database';
import { runService, withDeadline, type Service } from '@trunkline/service-kit';
import { areasOf } from './areas.ts';
import { startApi } from './create-api.ts';
import { openContext } from './open-context.ts';
import { apiSettings } from './settings.ts';

/** Shorter than a probe waits. */
const readyCheckMs = 700;

async function start({
  settings,
  logger,
  metrics,
  health,
  shutdown,
}: Service<typeof apiSettings>): Promise<void> {
  const opened = await openContext({ settings, logger, metrics });
  shutdown.add('stores', 'stores', async () => {
    await opened[Symbol.asyncDispose]();
  });
  const { context } = opened;
  const { database, connection } = context;
  health.check('database', () => withDeadline(database.ping(), readyCheckMs, 'asking the database'));
  health.check('schema', schemaCheck(database));
  health.check('redis', async () => {
    await withDeadline(connection.ping(), readyCheckMs, 'asking Redis');
  });
  const { host, port, perUserMax, perAddressMax, trustedProxies = [], corsOrigins = [] } = settings.api;
  const api = await startApi({
    context,
    limits: { perUserMax, perAddressMax },
    host,
    port,
    trustedProxies,
    corsOrigins,
    areas: areasOf(context, settings),
  });
  shutdown.add('users', 'api', () => api.close());
  logger.info({ url: api.url }, 'the API listens');
}

await runService({ name: 'api', settings: apiSettings, start });
