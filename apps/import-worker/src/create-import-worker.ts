import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { importJobSchema, importQueue, runImport, type ImportJob, type KeptFor } from '@trunkline/contacts';
import type { Database, OutboxMessage } from '@trunkline/database';
import {
  repeat,
  type Health,
  type Logger,
  type Metrics,
  type RedisConnections,
} from '@trunkline/service-kit';
import type { FileStorage } from '@trunkline/storage';
import { createJobReplica, type JobTuning } from '@trunkline/worker-kit';
import * as v from 'valibot';
import { createEvents } from './events.ts';
import { count, forgetOld, repairJobs } from './loops.ts';
import type { WorkerHost } from './worker-host.ts';

export interface ImportWorkerOptions {
  readonly database: Database;
  readonly redis: RedisConnections;
  readonly prefix: string;
  readonly storage: FileStorage;
  /** Imports that this replica works on at once. */
  readonly parallel: number;
  readonly kept: KeptFor;
  /** Rows of a chunk; as the import itself finds right unless given. */
  readonly chunkRows?: number;
  /** Takes committed messages to the screens. */
  readonly relay: (messages: readonly OutboxMessage[]) => Promise<void>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health?: Health;
  readonly tuning?: Partial<WorkerTuning>;
}

export interface WorkerTuning extends JobTuning {
  /** How often is looked for imports without a job, for what can be forgotten, and how much waits. */
  readonly repairEveryMs: number;
  readonly forgetEveryMs: number;
  readonly countEveryMs: number;
}

export const WORKER_TUNING: WorkerTuning = {
  repairEveryMs: 5_000,
  forgetEveryMs: 60_000,
  countEveryMs: 15_000,
  // Rows are read by the same thread that renews the lock, a chunk of them at a time.
  lockMs: 30_000,
  stalledLookMs: 5_000,
  // An import takes as long as it takes: it is broken off at once, and another replica goes on behind its last chunk.
  finishMs: 0,
  stopMs: 4_000,
};

export interface ImportWorker {
  /** Resolves once the stores answer. */
  start(): Promise<void>;
  /** Puts imports back that are under way, so that others go on with them. May be called twice. */
  stop(): Promise<void>;
}

/** One replica: jobs of the queue on one side, a few loops on the other. Any number of them share the work. */
export function createImportWorker(options: ImportWorkerOptions): ImportWorker {
  const { database, redis, prefix, storage, kept, chunkRows, relay, logger, metrics, health } = options;
  const tuning = { ...WORKER_TUNING, ...options.tuning };
  const holder = `${hostname()}/${randomUUID().slice(0, 8)}`;
  const events = createEvents(metrics, logger);
  const replica = createJobReplica<ImportJob, void>({
    database,
    redis,
    queue: importQueue(prefix),
    about: 'imports',
    carryOut: (job, { stop }) => carryOut(host, v.parse(importJobSchema, job.data), stop),
    onFailed: (job, error) => events.disturbed(job?.data.import, error),
    parallel: options.parallel,
    tuning,
    logger,
    health,
  });
  const { queue } = replica;
  const host: WorkerHost = { database, storage, queue, kept, chunkRows, relay, events, logger };

  const loop = (name: string, everyMs: number, work: () => Promise<void>): void =>
    replica.keep(name, everyMs, (turns) => repeat(work, { ...turns, name, logger }));
  loop('repairing jobs of imports', tuning.repairEveryMs, () => repairJobs(host));
  loop('forgetting imports', tuning.forgetEveryMs, () => forgetOld(host, holder, tuning.forgetEveryMs));
  loop('counting imports', tuning.countEveryMs, () => count(host));

  return {
    async start() {
      await replica.start();
      logger.info({ replica: holder, kept, parallel: options.parallel }, 'import worker started');
    },
    stop: () => replica.stop(),
  };
}

async function carryOut(host: WorkerHost, { import: id }: ImportJob, stop: AbortSignal): Promise<void> {
  const { database, storage, relay, chunkRows, events } = host;
  events.begun(id);
  const left = await runImport(
    {
      database,
      storage,
      relay,
      onChunk: (counts) => events.chunk(counts),
      ...(chunkRows !== undefined && { chunkRows }),
    },
    id,
    stop,
  );
  events.left(left);
}
