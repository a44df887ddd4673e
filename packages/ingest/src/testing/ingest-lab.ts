import { createTestDatabase, testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { migrate, openDatabase, type Database } from '@trunkline/database';
import { createPublisher, type Publisher } from '@trunkline/event-stream';
import { createFeedKeys, readFeedEntry } from '@trunkline/feed';
import {
  createHealth,
  createLogger,
  createMetrics,
  createRedisConnections,
  type Logger,
  type RedisConnection,
  type RedisConnections,
} from '@trunkline/service-kit';
import { randomUUID } from 'node:crypto';
import { heardCodec, ingestGroupNames, type Heard, type IngestContext } from '../index.ts';
import { until } from './until.ts';

/** A PBX that the lab speaks for: everything it says has its place. */
export interface LabPbx {
  readonly id: string;
  readonly tenant: string;
  readonly epoch: number;
  seq: number;
}

export type Row = Readonly<Record<string, unknown>>;

const shards = 2;

/**
 * One test's world: a database, a key prefix, PBXs that say what the test tells them to, and whatever worker the test
 * starts in it. Disposing ends them all.
 */
export class IngestLab implements AsyncDisposable {
  readonly prefix = uniquePrefix('ingest');
  readonly database: Database;
  readonly databaseUrl: string;
  readonly redis: RedisConnections;
  readonly client: RedisConnection;
  /** What workers logged, a line each. */
  readonly lines: string[] = [];
  readonly #logger: Logger;
  readonly #stack = new AsyncDisposableStack();
  readonly #publisher: Publisher<Heard>;

  private constructor(databaseUrl: string, database: Database) {
    this.databaseUrl = databaseUrl;
    this.database = database;
    this.#logger = createLogger({
      name: 'lab',
      level: 'info',
      redactPhoneNumbers: false,
      destination: { write: (line: string) => void this.lines.push(line) },
    });
    this.redis = createRedisConnections({ url: testRedisUrl(), logger: this.#logger, name: 'lab' });
    this.client = this.redis.open('commands');
    const metrics = createMetrics({ app: 'lab' });
    this.#publisher = createPublisher({
      prefix: this.prefix,
      shards,
      redis: this.redis,
      codec: heardCodec,
      logger: this.#logger,
      metrics,
      onLoss: () => undefined,
    });
    this.#stack.defer(() => metrics.stop());
  }

  static async open(): Promise<IngestLab> {
    const created = await createTestDatabase(async (url) => void (await migrate(url)));
    const database = await openDatabase({ url: created.url, applicationName: 'lab', connectionsMax: 10 });
    const lab = new IngestLab(created.url, database);
    await lab.redis.whenReady(lab.client);
    return Object.assign(lab, {
      [Symbol.asyncDispose]: async () => {
        await lab.#stack.disposeAsync();
        await lab.#publisher.stop();
        await lab.redis.closeAll();
        await database.close();
        await created[Symbol.asyncDispose]();
      },
    });
  }

  async addPbx(tenant: string = randomUUID()): Promise<LabPbx> {
    const id = randomUUID();
    await this.rows(`insert into tenant (id, name) values ($1, 'tenant') on conflict do nothing`, [tenant]);
    await this.rows(`insert into pbx (id, tenant_id, name, vendor) values ($1, $2, 'pbx', 'test')`, [
      id,
      tenant,
    ]);
    return { id, tenant, epoch: 1, seq: 0 };
  }

  /** What a worker is given, with a registry of its own. It is stopped with the lab at the latest. */
  context(): Omit<IngestContext, 'settings'> & {
    settings: {
      stores: { databaseUrl: string; prefix: string; shards: number };
      feed: { entriesMax: number };
    };
  } {
    const metrics = createMetrics({ app: 'worker' });
    this.#stack.defer(() => metrics.stop());
    return {
      settings: {
        stores: { databaseUrl: this.databaseUrl, prefix: this.prefix, shards },
        feed: { entriesMax: 1_000 },
      },
      database: this.database,
      redis: this.redis,
      logger: this.#logger,
      metrics,
      health: createHealth(),
    };
  }

  async started<Worker extends { start(): Promise<void>; stop(): Promise<void> }>(
    worker: Worker,
  ): Promise<Worker> {
    this.#stack.defer(() => worker.stop());
    await worker.start();
    return worker;
  }

  /** The next word of a PBX, written once. Returns where it stands. */
  async say(pbx: LabPbx, type: string, payload: Record<string, unknown> = {}): Promise<number> {
    pbx.seq += 1;
    await this.sayAt(pbx, pbx.seq, type, payload);
    return pbx.seq;
  }

  /** A word at a place of the test's choice: again, late, or behind a gap. */
  async sayAt(pbx: LabPbx, seq: number, type: string, payload: Record<string, unknown> = {}): Promise<void> {
    const text = JSON.stringify({ at: Date.UTC(2026, 0, 1) + seq * 1_000, ...payload });
    const outcome = await this.#publisher.publish({
      source: pbx.id,
      epoch: pbx.epoch,
      seq,
      type,
      payload: { text },
    });
    if (!outcome.written) throw new Error(`${type} was not written: ${outcome.reason}`);
  }

  /** Until these groups have passed all that the PBXs said. */
  async settled(pbxs: readonly LabPbx[], groups: readonly string[] = ingestGroupNames): Promise<void> {
    await until(
      async () => {
        const rows = await this.rows(
          `select source from stream_progress
           join unnest($1::text[], $2::bigint[], $3::bigint[]) as wanted (pbx, epoch, seq)
             on source = pbx and stream_progress.epoch = wanted.epoch and high >= seq
           where group_name = any($4::text[])`,
          [pbxs.map(({ id }) => id), pbxs.map(({ epoch }) => epoch), pbxs.map(({ seq }) => seq), groups],
        );
        return rows.length === pbxs.length * groups.length;
      },
      () => this.lines.slice(-10).join(''),
    );
  }

  rows(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.database.run((transaction) => transaction.query<Row>(statement, parameters));
  }

  /** What lies in a tenant's feed, a message each. */
  async feed(tenant: string): Promise<Record<string, Row[]>[]> {
    const entries = await this.client.xrange(createFeedKeys(this.prefix)(tenant).stream, '-', '+');
    return entries.map((entry) => JSON.parse(readFeedEntry(entry)?.payload ?? '{}') as Record<string, Row[]>);
  }

  /** The rows of one type of message that a feed told, in its order. */
  async told(tenant: string, type: string): Promise<Row[]> {
    return (await this.feed(tenant)).flatMap((message) => message[type] ?? []);
  }

  /** The messages of the log, without what stands around them. */
  logged(): string[] {
    return this.lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
