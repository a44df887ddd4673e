import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import {
  readImport,
  receiveFile,
  startImport,
  type ContactImport,
  type ImportPlan,
} from '@trunkline/contacts';
import { OutboxRelay, type Database, type OutboxMessage } from '@trunkline/database';
import { preparedDatabase, tenantIds } from '@trunkline/database/testing';
import { tenantId } from '@trunkline/domain';
import { createMetrics, createRedisConnections, type Metrics } from '@trunkline/service-kit';
import { createMemoryLogger } from '@trunkline/service-kit/testing';
import { createFolderStorage, type FileStorage } from '@trunkline/storage';
import { createImportWorker, type ImportWorker, type ImportWorkerOptions } from '../create-import-worker.ts';
import { quickTuning } from './quick-tuning.ts';
import type { ReplicaTask } from './replica-process.ts';

export interface Replica extends AsyncDisposable {
  readonly worker: ImportWorker;
  readonly metrics: Metrics;
}

/** Real stores, a real queue and a folder of its own. */
export interface ImportLab extends AsyncDisposable {
  readonly database: Database & { readonly url: string };
  readonly storage: FileStorage;
  /** What went to the screens. */
  readonly relayed: OutboxMessage[];
  readonly task: Omit<ReplicaTask, 'chunkRows'>;
  upload(text: Iterable<string>): Promise<ContactImport>;
  /** Started, and left for workers to find. */
  begin(text: Iterable<string>, wishes?: Partial<ImportPlan>): Promise<string>;
  read(id: string): Promise<ContactImport>;
  /** Waits for the import to be as it should. */
  until(id: string, is: (known: ContactImport) => boolean): Promise<ContactImport>;
  startReplica(options?: Partial<ImportWorkerOptions>): Promise<Replica>;
  rows<Row>(statement: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

const tenant = tenantId(tenantIds[0]);
const untilMsMax = 120_000;

export async function createImportLab(): Promise<ImportLab> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await preparedDatabase(20));
  const folder = await mkdtemp(join(tmpdir(), 'trunkline-imports-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const storage = createFolderStorage(folder);
  const prefix = uniquePrefix('imports');
  const relayed: OutboxMessage[] = [];
  const outbox = new OutboxRelay(database, async (messages) => void relayed.push(...messages));
  const read = (id: string) => database.run((transaction) => readImport(transaction, { id }));
  const upload: ImportLab['upload'] = (text) =>
    receiveFile(
      { database, storage },
      { tenant, by: 'ada', fileName: 'contacts.csv', source: piecesOf(text), bytesMax: 100_000_000 },
    );

  const lab: Omit<ImportLab, typeof Symbol.asyncDispose> = {
    database,
    storage,
    relayed,
    task: { databaseUrl: database.url, redisUrl: testRedisUrl(), prefix, folder },
    upload,
    async begin(text, wishes = {}) {
      const { id } = await upload(text);
      const plan: ImportPlan = {
        format: { encoding: 'utf-8', delimiter: ',', hasHeader: true },
        columns: ['name', 'phone', 'email', 'company'],
        country: 'DE',
        policy: 'update',
        isDryRun: false,
        ...wishes,
      };
      await database.run((transaction) => startImport(transaction, { id, tenant }, plan));
      return id;
    },
    read,
    async until(id, is) {
      const deadline = performance.now() + untilMsMax;
      for (;;) {
        const known = await read(id);
        if (is(known)) return known;
        if (performance.now() > deadline)
          throw new Error(`the import stays as it is: ${JSON.stringify(known)}`);
        await sleep(20);
      }
    },
    async startReplica(options = {}) {
      const { logger } = createMemoryLogger();
      const redis = createRedisConnections({ url: testRedisUrl(), logger, name: 'replica' });
      const metrics = createMetrics({ app: 'test' });
      const worker = createImportWorker({
        database,
        redis,
        prefix,
        storage,
        parallel: 1,
        kept: { endedMs: 86_400_000, unstartedMs: 86_400_000 },
        chunkRows: 50,
        relay: (messages) => outbox.relay(messages),
        logger,
        metrics,
        ...options,
        tuning: { ...quickTuning, ...options.tuning },
      });
      await worker.start();
      const dispose = async (): Promise<void> => {
        await worker.stop();
        await redis.closeAll();
        metrics.stop();
      };
      return { worker, metrics, [Symbol.asyncDispose]: dispose };
    },
    rows: (statement, parameters = []) =>
      database.run((transaction) => transaction.query(statement, parameters)),
  };
  const owned = stack.move();
  return { ...lab, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function* piecesOf(text: Iterable<string>): AsyncGenerator<Buffer> {
  let piece = '';
  for (const line of text) {
    piece += line;
    if (piece.length < 65_536) continue;
    yield Buffer.from(piece);
    piece = '';
  }
  if (piece !== '') yield Buffer.from(piece);
}
