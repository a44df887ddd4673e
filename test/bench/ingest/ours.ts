/** Trunkline's own way: validation, sequences, merge, audit, outbox, relay and metrics all on. */
import { openDatabase } from '@trunkline/database';
import { createIngest } from '@trunkline/ingest';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
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
  group: { name: 'ingest', wants: () => true },
  database,
  redis,
  prefix: task.prefix,
  shards: task.shards,
  logger,
  metrics,
  deliver: () => Promise.resolve(),
  tuning: { batchEntriesMax: 4000, parallelShardsMax: 3 },
  onApplied: (_applied, events) => {
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
