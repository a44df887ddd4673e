import { createRevocations, createTokenVerifier, verifierOptionsOf } from '@trunkline/access';
import { createImportQueue } from '@trunkline/contacts';
import { openDatabase, OutboxRelay } from '@trunkline/database';
import { createFeed } from '@trunkline/feed';
import { createPbxCommands } from '@trunkline/pbx-commands';
import { createRedisConnections, type Logger, type Metrics } from '@trunkline/service-kit';
import { createFolderStorage } from '@trunkline/storage';
import { createSweepRequests, stuckCallLimitsOf } from '@trunkline/stuck-calls';
import { createWebhookQueue, createWebhooks, targetPolicyOf } from '@trunkline/webhooks';
import type { ApiContext } from './api-context.ts';
import { simulatorUrlOf } from './console/console-config.ts';
import { createSoundLinks } from './recordings/sound-links.ts';
import type { ApiSettings } from './settings.ts';

export interface OpenedContext extends AsyncDisposable {
  readonly context: ApiContext;
}

interface Surroundings {
  readonly settings: Pick<
    ApiSettings,
    | 'redis'
    | 'stores'
    | 'tokens'
    | 'stuckCalls'
    | 'webhooks'
    | 'storage'
    | 'imports'
    | 'api'
    | 'login'
    | 'console'
  >;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What the API does in the database takes milliseconds; what is silent for longer is asked anew. */
const databaseSilenceMs = 10_000;
const connectionsMax = 16;

/** Opens the stores and whatever speaks through them. Does not wait for them: readiness tells whether they answer. */
export async function openContext({ settings, logger, metrics }: Surroundings): Promise<OpenedContext> {
  const { stores, tokens, api, login } = settings;
  const { prefix, shards } = stores;
  await using opened = new AsyncDisposableStack();
  const database = opened.use(
    await openDatabase({
      url: stores.databaseUrl,
      applicationName: 'trunkline-api',
      connectionsMax,
      silenceMs: databaseSilenceMs,
      warn: (message) => logger.warn(message),
    }),
  );
  const redis = opened.use(createRedisConnections({ url: settings.redis.target, logger, name: 'api' }));
  const connection = redis.open('commands');
  const shared = { redis, prefix, logger };
  const feed = createFeed({ redis, prefix, metrics });
  opened.defer(() => feed.close());
  const outbox = new OutboxRelay(database, (messages) => feed.deliver(messages));
  const revocations = createRevocations({ connection, prefix, lifeMsMax: tokens.lifeMsMax });
  const relay: ApiContext['relay'] = async (messages) => {
    if (messages.length > 0) await outbox.relay(messages);
  };
  const { keys } = settings.webhooks;
  const context: ApiContext = {
    database,
    redis,
    connection,
    producer: redis.open('bullmq producer'),
    prefix,
    shards,
    commands: opened.use(createPbxCommands(shared)),
    sweepRequests: opened.use(createSweepRequests(shared)),
    webhooks: createWebhooks({
      database,
      queue: opened.use(createWebhookQueue(shared)),
      keys,
      policy: targetPolicyOf(settings.webhooks),
      relay,
    }),
    webhookKeys: keys,
    storage: createFolderStorage(settings.storage.folder),
    imports: opened.use(createImportQueue(shared)),
    importBytesMax: settings.imports.bytesMax,
    soundLinks: login.sessionSecret === undefined ? undefined : createSoundLinks(login.sessionSecret),
    relay,
    verifier: createTokenVerifier({ ...verifierOptionsOf(tokens), revocations }),
    revocations,
    limits: stuckCallLimitsOf(settings.stuckCalls),
    commandMs: api.commandMs,
    simulatorUrl: simulatorUrlOf(settings.console),
    logger,
    metrics,
  };
  const close = opened.move();
  return { context, [Symbol.asyncDispose]: () => close.disposeAsync() };
}
