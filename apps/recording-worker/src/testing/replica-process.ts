import { openDatabase } from '@trunkline/database';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import { createFolderStorage, type FileStorage } from '@trunkline/storage';
import { createRecordingWorker } from '../create-recording-worker.ts';
import { openFromServer } from './open-from-server.ts';
import { quickTuning } from './quick-tuning.ts';

/** A replica in a process of its own, to be killed. It is told what to do as JSON in its first argument. */
export interface ReplicaTask {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly folder: string;
  readonly soundUrl: string;
  /** Stays for ever between the storing of a file and the commit that tells of it. */
  readonly freezesBeforeCommit: boolean;
}

const task = JSON.parse(process.argv[2] ?? '{}') as ReplicaTask;
const logger = createLogger({ name: 'replica', level: 'warn', redactPhoneNumbers: true });
const database = await openDatabase({ url: task.databaseUrl, applicationName: 'replica' });
const redis = createRedisConnections({ url: task.redisUrl, logger, name: 'replica' });
const folder = createFolderStorage(task.folder);
const storage: FileStorage = {
  ...folder,
  async put(key, source, options) {
    const stored = await folder.put(key, source, options);
    process.stdout.write('stored\n');
    if (task.freezesBeforeCommit) await new Promise(() => undefined);
    return stored;
  },
};
const worker = createRecordingWorker({
  database,
  redis,
  prefix: task.prefix,
  storage,
  openSound: openFromServer(task.soundUrl),
  bytesMax: 1_000_000,
  parallel: 4,
  relay: () => Promise.resolve(),
  logger,
  metrics: createMetrics({ app: 'replica' }),
  tuning: quickTuning,
});
await worker.start();
process.stdout.write('started\n');
