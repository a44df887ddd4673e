/** One consumer, as a process of its own that may be killed or frozen at any moment. Told what to do by CONSUMER_TASK. */
import { openDatabase } from '@trunkline/database';
import { createIngest } from '@trunkline/ingest';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import type { ConsumerTask } from './consumer-fleet.ts';

const task = JSON.parse(process.env['CONSUMER_TASK'] ?? '') as ConsumerTask;
const logger = createLogger({ name: 'consumer', level: task.logLevel, redactPhoneNumbers: false });
const metrics = createMetrics({ app: 'chaos' });
const redis = createRedisConnections({ url: task.redisUrl, logger, name: 'chaos' });
const database = await openDatabase({
  url: task.databaseUrl,
  applicationName: 'chaos',
  silenceMs: 5000,
  warn: (message) => logger.debug(message),
});
const consumer = createIngest({
  group: { name: 'ingest', wants: () => true },
  database,
  redis,
  prefix: task.prefix,
  shards: task.shards,
  logger,
  metrics,
  deliver: () => Promise.resolve(),
  tuning: { batchEntriesMax: task.batchEntriesMax },
});
await consumer.start();
process.send?.('ready');

process.once('SIGTERM', () => {
  void (async () => {
    await consumer.stop();
    await database.close();
    await redis.closeAll();
    metrics.stop();
    process.disconnect();
  })();
});
