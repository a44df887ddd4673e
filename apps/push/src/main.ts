import { createRevocations, createTokenVerifier, verifierOptionsOf } from '@trunkline/access';
import { createFeed } from '@trunkline/feed';
import { createPbxCommands } from '@trunkline/pbx-commands';
import { runService, type Service } from '@trunkline/service-kit';
import { openStores } from '@trunkline/worker-kit';
import { createCommands } from './commands/carry-out.ts';
import { createPush } from './create-push.ts';
import { tellNodeFigures } from './node-figures.ts';
import { createPushMetrics } from './push-metrics.ts';
import { pushSettings, stopBudgetMsOf, tuningOf } from './settings.ts';

/** Snapshots that are read at once, and a few short questions beside them. */
const databaseConnectionsMax = 8;

/** What the database does not answer by then is asked anew on another connection. */
const databaseSilenceMs = 10_000;

async function start(service: Service<typeof pushSettings>): Promise<void> {
  const { settings, logger, metrics, health, shutdown } = service;
  const { stores, tokens } = settings;
  const { prefix } = stores;
  const { database, redis } = await openStores(service, {
    connectionsMax: databaseConnectionsMax,
    silenceMs: databaseSilenceMs,
  });

  const connection = redis.open('commands');
  const feed = createFeed({ redis, prefix });
  await Promise.all([redis.whenReady(connection), feed.ready()]);
  const tuning = tuningOf(settings.push);
  const { revocationsMs: answerMs } = tuning;
  const revocations = createRevocations({ connection, prefix, lifeMsMax: tokens.lifeMsMax, answerMs });
  const pbxCommands = createPbxCommands({ redis, prefix, logger });
  shutdown.add('loops', 'pbx commands', async () => pbxCommands[Symbol.asyncDispose]());
  const pushMetrics = createPushMetrics(metrics);
  const commands = createCommands({
    database,
    connection,
    prefix,
    pbxCommands,
    feed,
    metrics: pushMetrics,
    logger,
  });

  const { host, port, origins = [], proxies } = settings.push;
  const push = createPush({
    database,
    redis,
    prefix,
    verifier: createTokenVerifier({ ...verifierOptionsOf(tokens), revocations }),
    revocations,
    carryOut: commands.carryOut,
    listen: { host, port, origins: origins.map((origin) => origin.toLowerCase()), proxies },
    logger,
    metrics,
    health,
    tuning,
  });
  shutdown.add('users', 'push', () => push.stop(), { budgetMs: stopBudgetMsOf(tuning) });
  await push.start();
  const figures = tellNodeFigures({ connection, prefix, metrics: pushMetrics, logger });
  shutdown.add('loops', 'figures', () => figures.stop());
}

await runService({ name: 'push', settings: pushSettings, start });
