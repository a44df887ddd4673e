import { openDatabase, OutboxRelay } from '@trunkline/database';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import { createFolderStorage } from '@trunkline/storage';
import { createImportWorker } from '../create-import-worker.ts';
import { quickTuning } from './quick-tuning.ts';

/** A replica in a process of its own, to be killed. It is told what to do as JSON in its first argument. */
export interface ReplicaTask {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly folder: string;
  readonly chunkRows: number;
}

const task = JSON.parse(process.argv[2] ?? '{}') as ReplicaTask;
const logger = createLogger({ name: 'replica', level: 'error', redactPhoneNumbers: true });
const database = await openDatabase({ url: task.databaseUrl, applicationName: 'replica', connectionsMax: 4 });
const redis = createRedisConnections({ url: task.redisUrl, logger, name: 'replica' });
const outbox = new OutboxRelay(database, () => Promise.resolve());
const worker = createImportWorker({
  database,
  redis,
  prefix: task.prefix,
  storage: createFolderStorage(task.folder),
  parallel: 1,
  kept: { endedMs: 86_400_000, unstartedMs: 86_400_000 },
  chunkRows: task.chunkRows,
  relay: (messages) => outbox.relay(messages),
  logger,
  metrics: createMetrics({ app: 'replica' }),
  tuning: quickTuning,
});
await worker.start();
process.stdout.write('started\n');
