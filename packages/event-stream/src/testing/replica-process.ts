/** A replica as a process of its own, to be killed and frozen. Started by `startReplica` with its settings as JSON. */
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import { createConsumer } from '../index.ts';
import { labApply, labCodec, labResync } from './lab-effects.ts';
import { PgTransactions } from './pg-transactions.ts';
import type { ReplicaSettings } from './start-replica.ts';

const settings = JSON.parse(process.argv[2] ?? '') as ReplicaSettings;
const logger = createLogger({ name: settings.name, level: 'fatal', redactPhoneNumbers: false });
const redis = createRedisConnections({ url: settings.redisUrl, logger, name: settings.name });
const apply = labApply(settings.group);
const consumer = createConsumer({
  group: settings.group,
  prefix: settings.prefix,
  shards: settings.shards,
  replica: settings.name,
  logger,
  metrics: createMetrics({ app: settings.name }),
  transactions: new PgTransactions(settings.databaseUrl),
  redis,
  codec: labCodec,
  wants: () => true,
  apply: (batch, tx) => {
    process.send?.('applying');
    return apply(batch, tx);
  },
  resync: labResync(settings.group),
  tuning: settings.tuning,
});

// An orphan ends itself: the test that started it is gone.
process.on('disconnect', () => process.exit());
await consumer.start();
process.send?.('ready');
