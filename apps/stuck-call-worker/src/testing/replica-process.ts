import { openDatabase } from '@trunkline/database';
import { defaultStuckCallLimits } from '@trunkline/domain';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import { createStuckCallWorker } from '../create-stuck-call-worker.ts';
import { quickTuning } from './quick-tuning.ts';

/** A replica in a process of its own, to be killed. It is told what to do as JSON in its first argument. */
export interface ReplicaTask {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly everyMs: number;
  readonly batchCallsMax: number;
  readonly leaseMs: number;
}

const task = JSON.parse(process.argv[2] ?? '{}') as ReplicaTask;
const logger = createLogger({ name: 'replica', level: 'info', redactPhoneNumbers: false });
const database = await openDatabase({ url: task.databaseUrl, applicationName: 'replica' });
const redis = createRedisConnections({ url: task.redisUrl, logger, name: 'replica' });
const worker = createStuckCallWorker({
  database,
  redis,
  prefix: task.prefix,
  timing: { everyMs: task.everyMs },
  limits: { ...defaultStuckCallLimits, unknownMs: 3_650 * 86_400_000 },
  verify: true,
  answerMs: 10_000,
  parallel: 2,
  doubleBookingEveryMs: 60_000,
  relay: () => Promise.resolve(),
  logger,
  metrics: createMetrics({ app: 'replica' }),
  bounds: { batchCallsMax: task.batchCallsMax, leaseMs: task.leaseMs, parallelPerPbxMax: 1 },
  tuning: quickTuning,
});
await worker.start();
