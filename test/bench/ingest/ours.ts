/** Trunkline's own way: validation, sequences, merge, audit, outbox, relay and metrics all on. */
import { openDatabase } from '@trunkline/database';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import { createIngest } from '../../support/ingest.ts';
import { readTask, tell } from './contender.ts';

const task = readTask();
const logger = createLogger({ name: 'bench', level: 'warn', redactPhoneNumbers: false });
const metrics = createMetrics({ app: 'bench' });
await using database = await openDatabase({ url: task.databaseUrl, applicationName: 'bench' });
await using redis = createRedisConnections({ url: task.redisUrl, logger, name: 'bench' });
await database.ping();

let applied = 0;
const { promise: done, resolve } = Promise.withResolvers<void>();
const consumer = createIngest({
  database,
  redis,
  prefix: task.prefix,
  shards: task.shards,
  logger,
  metrics,
  tuning: { batchEntriesMax: 4000, parallelShardsMax: 3 },
  onApplied: (events) => {
    applied += events;
    if (applied >= task.events) resolve();
  },
});
const startedAt = performance.now();
await consumer.start();
await done;
tell({ events: applied, seconds: (performance.now() - startedAt) / 1000 });
await consumer.stop();
metrics.stop();
