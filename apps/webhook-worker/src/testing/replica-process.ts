import { openDatabase } from '@trunkline/database';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import { createWebhookKeys } from '@trunkline/webhooks';
import { createWebhookWorker } from '../create-webhook-worker.ts';
import { quickTuning } from './quick-tuning.ts';

/** A replica in a process of its own, to be killed. It is told what to do as JSON in its first argument. */
export interface ReplicaTask {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly key: string;
}

const task = JSON.parse(process.argv[2] ?? '{}') as ReplicaTask;
const logger = createLogger({ name: 'replica', level: 'warn', redactPhoneNumbers: false });
const database = await openDatabase({ url: task.databaseUrl, applicationName: 'replica' });
const redis = createRedisConnections({ url: task.redisUrl, logger, name: 'replica' });
const worker = createWebhookWorker({
  database,
  redis,
  prefix: task.prefix,
  keys: createWebhookKeys(task.key),
  policy: { privateAllowed: true, ports: 'any' },
  bounds: { disableAfterMs: 86_400_000, backlogMax: 10_000 },
  parallel: 16,
  logKeptMs: 86_400_000,
  relay: () => Promise.resolve(),
  logger,
  metrics: createMetrics({ app: 'replica' }),
  tuning: quickTuning,
});
await worker.start();
process.stdout.write('started\n');
