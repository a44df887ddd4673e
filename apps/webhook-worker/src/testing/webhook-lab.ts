import { testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { applyEvents, OutboxRelay, type Database, type OutboxMessage } from '@trunkline/database';
import { preparedDatabase, said, tenantIds } from '@trunkline/database/testing';
import { tenantId, type TenantId } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import {
  createHealth,
  createLogger,
  createMetrics,
  createRedisConnections,
  type Health,
  type Metrics,
} from '@trunkline/service-kit';
import { createMemoryLogger } from '@trunkline/service-kit/testing';
import {
  createWebhookKeys,
  createWebhookQueue,
  createWebhooks,
  type AddedEndpoint,
  type NewEndpoint,
  type WebhookDelivery,
  type Webhooks,
} from '@trunkline/webhooks';
import {
  createWebhookWorker,
  type WebhookWorker,
  type WebhookWorkerOptions,
} from '../create-webhook-worker.ts';
import { quickTuning } from './quick-tuning.ts';
import { startReceiver, type Receiver } from './start-receiver.ts';

export const testKey = `test:${'k'.repeat(40)}`;
export const [one, other] = [tenantId(tenantIds[0]), tenantId(tenantIds[1])];
export const loopbackAllowed = { privateAllowed: true, ports: 'any' } as const;
export const boundsDefault = { disableAfterMs: 5 * 86_400_000, backlogMax: 10_000 } as const;

export interface Replica extends AsyncDisposable {
  readonly worker: WebhookWorker;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly log: readonly Record<string, unknown>[];
}

/** Real stores, a real queue, and a receiver in a process of its own. */
export interface WebhookLab extends AsyncDisposable {
  readonly database: Database & { readonly url: string };
  readonly redisUrl: string;
  readonly prefix: string;
  readonly webhooks: Webhooks;
  readonly receiver: Receiver;
  /** What went to the screens. */
  readonly relayed: OutboxMessage[];
  add(path: string, wishes?: Partial<NewEndpoint>): Promise<AddedEndpoint>;
  startReplica(options?: Partial<WebhookWorkerOptions>): Promise<Replica>;
  /** Lets calls ring, commits that, and relays it; the last test PBX is the other tenant's. */
  ring(calls: readonly string[], pbx?: string): Promise<void>;
  deliveries(tenant?: TenantId): Promise<readonly WebhookDelivery[]>;
  rows<Row>(statement: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

export async function createWebhookLab(redisUrl: string = testRedisUrl()): Promise<WebhookLab> {
  const stack = new AsyncDisposableStack();
  const database = stack.use(await preparedDatabase(20));
  const receiver = stack.use(await startReceiver());
  const logger = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });
  const redis = createRedisConnections({ url: redisUrl, logger, name: 'lab' });
  stack.defer(() => redis.closeAll());
  const prefix = uniquePrefix('webhooks');
  const relayed: OutboxMessage[] = [];
  const outbox = new OutboxRelay(database, async (messages) => void relayed.push(...messages));
  const relay = (messages: readonly OutboxMessage[]): Promise<void> => outbox.relay(messages);
  const keys = createWebhookKeys(testKey);
  const queue = stack.use(createWebhookQueue({ redis, prefix, logger }));
  const webhooks = createWebhooks({ database, queue, keys, policy: loopbackAllowed, relay });
  let seq = 0;

  return {
    database,
    redisUrl,
    prefix,
    webhooks,
    receiver,
    relayed,
    add: (path, wishes = {}) =>
      webhooks.addEndpoint({ tenant: one, url: receiver.url(path), ...wishes }, 'ada'),
    async startReplica(options = {}) {
      const memory = createMemoryLogger();
      const own = createRedisConnections({ url: redisUrl, logger: memory.logger, name: 'replica' });
      const metrics = createMetrics({ app: 'test' });
      const health = createHealth();
      const worker = createWebhookWorker({
        database,
        redis: own,
        prefix,
        keys,
        policy: loopbackAllowed,
        bounds: boundsDefault,
        parallel: 16,
        logKeptMs: 86_400_000,
        relay,
        logger: memory.logger,
        metrics,
        health,
        ...options,
        tuning: { ...quickTuning, ...options.tuning },
      });
      await worker.start();
      health.started();
      const dispose = async (): Promise<void> => {
        await worker.stop();
        await own.closeAll();
        metrics.stop();
      };
      return stack.use<Replica>({
        worker,
        metrics,
        health,
        log: memory.entries,
        [Symbol.asyncDispose]: dispose,
      });
    },
    async ring(calls, pbx = pbxIds[0]) {
      const heard = calls.map((call) => {
        seq += 1;
        return said(seq, 'call.ringing', { call }, { pbx });
      });
      const { messages } = await database.run((transaction) => applyEvents(transaction, heard));
      await relay(messages);
    },
    deliveries: async (tenant) => (await webhooks.listDeliveries({ tenant }, { limit: 500 })).items,
    rows: (statement, parameters = []) =>
      database.run((transaction) => transaction.query(statement, parameters)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
