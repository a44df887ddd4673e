/**
 * Entries a second through one consumer whose `apply` does next to nothing: the overhead of this room alone, from a
 * backlog to the last commit. Run with DATABASE_URL and REDIS_URL set:
 *
 *   node packages/event-stream/src/consumer.bench.ts [entries] [shards] [runs]
 *
 * `limit` is the same reading and one statement a batch with bare ioredis and node-postgres, in the same run.
 */
import {
  createTestDatabase,
  startTestServers,
  testRedisUrl,
  uniquePrefix,
} from '@trunkline/backing-services/testing';
import { migrate } from '@trunkline/database';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { createConsumer, createPublisher, createStreamKeys } from './index.ts';
import type { PayloadCodec } from './index.ts';
import { PgTransactions } from './testing/pg-transactions.ts';

const [entries = 200_000, shards = 4, runs = 5] = process.argv.slice(2).map(Number);
const BATCH = 1_000;
const SOURCES = 50;
const prefix = uniquePrefix('bench');
const logger = createLogger({ name: 'bench', level: 'warn', redactPhoneNumbers: false });
const metrics = createMetrics({ app: 'bench' });
const codec: PayloadCodec<unknown> = {
  encode: (_type, payload) => JSON.stringify(payload),
  decode: (text): unknown => JSON.parse(text),
};

await using _servers = await startTestServers((line) => process.stderr.write(`${line}\n`));
await using database = await createTestDatabase(async (url) => void (await migrate(url)));
await using redis = createRedisConnections({ url: testRedisUrl(), logger, name: 'bench' });

await fill();
const rates = { consumer: [] as number[], limit: [] as number[] };
for (let run = 0; run < runs; run++) {
  rates.consumer.push(await consume(`bench-${run}`));
  rates.limit.push(await readBare());
}
await clear();
const figures = { consumer: median(rates.consumer), limit: median(rates.limit) };
const ratios = { limit: Math.round((figures.consumer / figures.limit) * 100) / 100 };
process.stdout.write(`${JSON.stringify({ bench: 'event-stream', figures, ratios })}\n`);
metrics.stop();

async function fill(): Promise<void> {
  const tuning = { queueEntriesMax: entries + 1, queueBytesMax: 2 ** 31 };
  const publisher = createPublisher({
    prefix,
    shards,
    redis,
    codec,
    logger,
    metrics,
    onLoss: () => undefined,
    tuning,
  });
  const startedAt = performance.now();
  let last = Promise.resolve({}) as Promise<unknown>;
  for (let index = 0; index < entries; index++) {
    const seq = Math.floor(index / SOURCES) + 1;
    const payload = {
      callId: `call-${index % 5_000}`,
      status: 'ringing',
      from: '1001',
      to: '1002',
      at: 1.7e12,
      note: 'x'.repeat(120),
    };
    last = publisher.publish({
      source: `pbx-${index % SOURCES}`,
      epoch: 1,
      seq,
      type: 'call.ringing',
      payload,
    });
    if (index % 1_000 === 0) await last;
  }
  await publisher.flush(60_000);
  process.stderr.write(
    `published ${Math.round((entries / (performance.now() - startedAt)) * 1_000)} entries/s\n`,
  );
  await publisher.stop();
}

async function consume(group: string): Promise<number> {
  const transactions = new PgTransactions(database.url);
  let applied = 0;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const consumer = createConsumer({
    group,
    prefix,
    shards,
    transactions,
    redis,
    codec,
    logger,
    metrics,
    wants: () => true,
    apply: async ({ events }, tx) => {
      await tx.query('select $1::integer', [events.length]);
      return () => {
        applied += events.length;
        if (applied === entries) resolve();
      };
    },
    resync: async () => undefined,
  });
  const startedAt = performance.now();
  await consumer.start();
  await done;
  const rate = entries / ((performance.now() - startedAt) / 1_000);
  await consumer.stop();
  await transactions.close();
  return Math.round(rate);
}

/** What no consumer can beat: read, parse the payloads, one transaction with one statement a batch. */
async function readBare(): Promise<number> {
  const pool = new Pool({ connectionString: database.url, max: shards });
  const client = new Redis(testRedisUrl());
  const keys = createStreamKeys(prefix);
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: shards }, async (_, shard) => {
      for (let id = '0-0'; ;) {
        const reply = await client.xread('COUNT', BATCH, 'STREAMS', keys.events(shard), id);
        const read = reply?.[0]?.[1] ?? [];
        const last = read.at(-1);
        if (last === undefined) return;
        id = last[0];
        const payloads = read.map(([, fields]): unknown => JSON.parse(fields[3] ?? ''));
        const session = await pool.connect();
        await session.query('begin');
        await session.query('select $1::integer', [payloads.length]);
        await session.query('commit');
        session.release();
      }
    }),
  );
  const rate = entries / ((performance.now() - startedAt) / 1_000);
  client.disconnect();
  await pool.end();
  return Math.round(rate);
}

async function clear(): Promise<void> {
  const client = new Redis(testRedisUrl());
  const keys = createStreamKeys(prefix);
  for (let shard = 0; shard < shards; shard++) await client.del(keys.events(shard));
  client.disconnect();
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
