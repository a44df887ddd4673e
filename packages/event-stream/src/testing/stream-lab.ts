import { createTestDatabase, testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { migrate } from '@trunkline/database';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import type { Logger, Metrics, RedisConnection, RedisConnections } from '@trunkline/service-kit';
import { createConsumer, createPublisher, createStreamKeys } from '../index.ts';
import type {
  Consumer,
  ConsumerOptions,
  Loss,
  PublishedEvent,
  Publisher,
  PublisherTuning,
  SqlTransaction,
  StreamKeys,
} from '../index.ts';
import { labApply, labCodec, labResync, LAB_TABLES } from './lab-effects.ts';
import type { LabPayload } from './lab-effects.ts';
import { PgTransactions } from './pg-transactions.ts';
import { until } from './until.ts';

export type LabConsumerOptions = Partial<ConsumerOptions<LabPayload, SqlTransaction>>;

/** One test's world: a database, a key prefix, and whoever publishes and consumes in it. Disposing ends them all. */
export class StreamLab implements AsyncDisposable {
  readonly prefix = uniquePrefix('stream');
  readonly shards: number;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly keys: StreamKeys;
  readonly logger: Logger;
  readonly metrics: Metrics = createMetrics({ app: 'lab' });
  readonly transactions: PgTransactions;
  readonly redis: RedisConnections;
  /** For the test's own commands. */
  readonly client: RedisConnection;
  readonly losses: Loss[] = [];
  readonly #disposables = new AsyncDisposableStack();
  readonly #published = new Set<string>();

  private constructor(databaseUrl: string, redisUrl: string, shards: number) {
    this.databaseUrl = databaseUrl;
    this.redisUrl = redisUrl;
    this.shards = shards;
    this.keys = createStreamKeys(this.prefix);
    this.logger = createLogger({ name: 'lab', level: LOG_LEVEL, redactPhoneNumbers: false });
    this.transactions = new PgTransactions(databaseUrl);
    this.redis = createRedisConnections({ url: redisUrl, logger: this.logger, name: 'lab' });
    this.client = this.redis.open('commands');
  }

  static async open(options: { shards?: number; redisUrl?: string } = {}): Promise<StreamLab> {
    const database = await createTestDatabase(async (url) => void (await migrate(url)));
    const lab = new StreamLab(database.url, options.redisUrl ?? testRedisUrl(), options.shards ?? 2);
    lab.#disposables.use(database);
    lab.#disposables.defer(() => lab.#close());
    await lab.transactions.pool.query(LAB_TABLES);
    await lab.redis.whenReady(lab.client);
    return lab;
  }

  /** Ended with the lab, before its stores. */
  use<T extends AsyncDisposable>(resource: T): T {
    return this.#disposables.use(resource);
  }

  publisher(
    tuning: Partial<PublisherTuning> = {},
    redis: RedisConnections = this.redis,
  ): Publisher<LabPayload> {
    const { prefix, shards, logger, metrics } = this;
    const onLoss = (loss: Loss) => void this.losses.push(loss);
    const publisher = createPublisher({
      prefix,
      shards,
      redis,
      codec: labCodec,
      logger,
      metrics,
      onLoss,
      tuning,
    });
    this.#disposables.defer(() => publisher.stop());
    return publisher;
  }

  consumer(group: string, options: LabConsumerOptions = {}): Consumer {
    const { prefix, shards, logger, metrics, transactions, redis } = this;
    const consumer = createConsumer({
      group,
      prefix,
      shards,
      logger,
      metrics,
      transactions,
      redis,
      codec: labCodec,
      wants: () => true,
      apply: labApply(group),
      resync: labResync(group),
      ...options,
    });
    this.#disposables.defer(() => consumer.stop());
    return consumer;
  }

  async started(group: string, options: LabConsumerOptions = {}): Promise<Consumer> {
    const consumer = this.consumer(group, options);
    await consumer.start();
    return consumer;
  }

  /** Writes entries by hand, in this order, also twice, also with gaps. Waits for each. */
  async add(...events: LabEvent[]): Promise<void> {
    const publisher = this.#ownPublisher();
    for (const event of events) {
      this.#published.add(nameOf(event));
      const outcome = await publisher.publish(complete(event));
      if (!outcome.written) throw new Error(`${nameOf(event)} was not written: ${outcome.reason}`);
    }
  }

  /** Publishes `seq` 1 to `count` for each source, interleaved. */
  async addMany(
    sources: readonly string[],
    count: number,
    publisher = this.#ownPublisher(),
    from = 1,
  ): Promise<void> {
    const outcomes = [];
    for (let seq = from; seq < from + count; seq++) {
      for (const source of sources) {
        this.#published.add(nameOf({ source, seq }));
        outcomes.push(publisher.publish(complete({ source, seq })));
      }
    }
    for (const outcome of await Promise.all(outcomes)) {
      if (!outcome.written) throw new Error(`an event was not written: ${outcome.reason}`);
    }
  }

  expectAlso(...events: LabEvent[]): void {
    for (const event of events) this.#published.add(nameOf(event));
  }

  /** What was applied, as `source/epoch/seq`, in order of application; more than once if it was. */
  async applied(group: string): Promise<string[]> {
    const { rows } = await this.transactions.pool.query<{ name: string }>(
      `select source || '/' || epoch || '/' || seq as name from lab_applied where group_name = $1 order by id`,
      [group],
    );
    return rows.map(({ name }) => name);
  }

  async countApplied(group: string): Promise<number> {
    const { rows } = await this.transactions.pool.query<{ count: number }>(
      'select count(*)::integer as count from lab_applied where group_name = $1',
      [group],
    );
    return rows[0]?.count ?? 0;
  }

  async resyncs(group: string): Promise<string[]> {
    const { rows } = await this.transactions.pool.query<{ name: string }>(
      `select reason || ' ' || source || '/' || epoch || coalesce(' ' || first || '-' || last, '') as name
       from lab_resync where group_name = $1 order by id`,
      [group],
    );
    return rows.map(({ name }) => name);
  }

  /** The oracle: every unique published event was applied exactly once. Returns the differences. */
  async differences(group: string): Promise<{ missing: string[]; extra: string[]; twice: string[] }> {
    const applied = await this.applied(group);
    const unique = new Set(applied);
    return {
      missing: [...this.#published].filter((name) => !unique.has(name)),
      extra: applied.filter((name) => !this.#published.has(name)),
      twice: applied.filter((name, index) => applied.indexOf(name) !== index),
    };
  }

  async untilAllApplied(group: string, timeoutMs = 20_000): Promise<void> {
    await until(
      async () => (await this.countApplied(group)) >= this.#published.size,
      timeoutMs,
      async () => {
        const { missing } = await this.differences(group);
        return `${missing.length} of ${this.#published.size} events are missing: ${missing.slice(0, 5).join(', ')}`;
      },
    );
  }

  async metric(name: string, labels: Record<string, string> = {}): Promise<number> {
    const lines = (await this.metrics.exposition()).split('\n');
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return lines
      .filter((line) => line.startsWith(`${name}{`) && wanted.every((pair) => line.includes(pair)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  #own: Publisher<LabPayload> | null = null;
  #ownPublisher(): Publisher<LabPayload> {
    this.#own ??= this.publisher();
    return this.#own;
  }

  async #close(): Promise<void> {
    await this.#deleteKeys().catch(() => undefined);
    await this.redis.closeAll();
    await this.transactions.close();
    this.metrics.stop();
  }

  async #deleteKeys(): Promise<void> {
    for (let shard = 0; shard < this.shards; shard++) await this.client.del(this.keys.events(shard));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#disposables.disposeAsync();
  }
}

export interface LabEvent {
  readonly source: string;
  readonly seq: number;
  readonly epoch?: number;
  readonly type?: string;
  readonly payload?: LabPayload;
}

const LOG_LEVEL = process.env['LAB_LOG'] === 'debug' ? 'debug' : 'silent';

function complete({
  source,
  seq,
  epoch = 1,
  type = 'lab',
  payload = {},
}: LabEvent): PublishedEvent<LabPayload> {
  return { source, seq, epoch, type, payload };
}

function nameOf({ source, seq, epoch = 1 }: LabEvent): string {
  return `${source}/${epoch}/${seq}`;
}
