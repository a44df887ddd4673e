import { testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { applyEvents, type Database, type OutboxMessage } from '@trunkline/database';
import { preparedDatabase, said } from '@trunkline/database/testing';
import { defaultStuckCallLimits, type Liveness } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import { createCommandServer, type CommandHandler } from '@trunkline/pbx-commands';
import {
  createHealth,
  createMetrics,
  createRedisConnections,
  type Health,
  type Metrics,
} from '@trunkline/service-kit';
import { createSweepRequests, type SweepRequest, type SweepRequests } from '@trunkline/stuck-calls';
import { memoryLogger, type LogEntry } from './memory-logger.ts';
import { quickTuning } from './quick-tuning.ts';
import {
  createStuckCallWorker,
  type StuckCallWorker,
  type StuckCallWorkerOptions,
} from '../create-stuck-call-worker.ts';

export const operatorsRequest: SweepRequest = { dryRun: false, verify: true, by: 'operator' };

export interface Replica extends AsyncDisposable {
  readonly worker: StuckCallWorker;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly log: LogEntry[];
}

/** Real stores, a real queue, a real command server behind which a script answers for the PBXs. */
export interface WorkerLab extends AsyncDisposable {
  readonly database: Database & { readonly url: string };
  readonly redisUrl: string;
  readonly prefix: string;
  readonly requests: SweepRequests;
  readonly relayed: OutboxMessage[];
  /** Questions that reached the script, with the time. */
  readonly asked: { readonly call: string; readonly at: number }[];
  readonly answers: Map<string, Liveness>;
  /** How long the script takes over each question. */
  answerMs: number;
  startReplica(options?: Partial<StuckCallWorkerOptions>): Promise<Replica>;
  /** Begins to serve commands for the test PBXs; until then nobody holds their links. */
  servePbxs(): void;
  addStuck(keys: readonly string[], extensions?: readonly string[], at?: number): Promise<void>;
  rows(statement: string): Promise<Record<string, unknown>[]>;
  calls(): Promise<Record<string, string>>;
}

/** A schedule that plays no part in most tests. */
const never = { cron: '0 0 1 1 *' };

export async function createWorkerLab(redisUrl: string = testRedisUrl()): Promise<WorkerLab> {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await preparedDatabase(20));
  const { logger } = memoryLogger();
  const redis = createRedisConnections({ url: redisUrl, logger, name: 'test' });
  stack.defer(() => redis.closeAll());
  const prefix = uniquePrefix('stuck');
  const requests = stack.use(createSweepRequests({ redis, prefix, logger }));
  const server = stack.use(createCommandServer({ redis, prefix, logger }));
  const relayed: OutboxMessage[] = [];
  const rows = (statement: string) =>
    database.run((transaction) => transaction.query<Record<string, unknown>>(statement));
  let seq = 0;

  const lab: WorkerLab = {
    database,
    redisUrl,
    prefix,
    requests,
    relayed,
    asked: [],
    answers: new Map(),
    answerMs: 0,
    rows,
    servePbxs() {
      const handler: CommandHandler = async (command) => {
        if (command.kind !== 'isAlive') return { ok: false, problem: 'refused', message: 'not scripted' };
        lab.asked.push({ call: command.call, at: Date.now() });
        await new Promise((resolve) => setTimeout(resolve, lab.answerMs));
        return { ok: true, result: lab.answers.get(command.call) ?? 'unknown' };
      };
      for (const pbx of pbxIds) stack.use(server.serveCommands(pbx, handler));
    },
    async startReplica(options = {}) {
      const own = createRedisConnections({ url: redisUrl, logger, name: 'replica' });
      const metrics = createMetrics({ app: 'test' });
      const health = createHealth();
      const memory = memoryLogger();
      const worker = createStuckCallWorker({
        database,
        redis: own,
        prefix,
        timing: never,
        limits: { ...defaultStuckCallLimits, unknownMs: 3_650 * 86_400_000 },
        verify: true,
        answerMs: 3_000,
        parallel: 4,
        doubleBookingEveryMs: 60_000,
        relay: async (messages) => void relayed.push(...messages),
        logger: memory.logger,
        metrics,
        health,
        tuning: quickTuning,
        ...options,
      });
      await worker.start();
      health.started();
      const dispose = async () => {
        await worker.stop();
        await own.closeAll();
        metrics.stop();
      };
      const replica = { worker, metrics, health, log: memory.entries, [Symbol.asyncDispose]: dispose };
      return stack.use(replica);
    },
    async addStuck(keys, extensions = [], at) {
      const heard = keys.map((call) => {
        seq += 1;
        return said(seq, 'call.connected', { call, extensions, ...(at !== undefined && { at }) });
      });
      await database.run((transaction) => applyEvents(transaction, heard));
    },
    async calls() {
      const shown = await rows(
        `select call_key, coalesce(hangup_cause, status) as shown from call order by 1`,
      );
      return Object.fromEntries(shown.map((row) => [row['call_key'], row['shown']])) as Record<
        string,
        string
      >;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
  return lab;
}
