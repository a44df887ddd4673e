import { createTestDatabase, uniquePrefix } from '@trunkline/backing-services/testing';
import { migrate, openDatabase, type Database } from '@trunkline/database';
import { pbxIds } from '@trunkline/domain/testing';
import { createPublisher, type Publisher } from '@trunkline/event-stream';
import { heardCodec, type Heard } from '@trunkline/ingest';
import { createLogger, createMetrics, createRedisConnections, sleep } from '@trunkline/service-kit';
import { ConsumerFleet } from './consumer-fleet.ts';
import { addPbxs } from './kill-storm.ts';

export interface Takeovers {
  readonly afterKillMs: readonly number[];
  readonly afterFreezeMs: readonly number[];
}

const eventEveryMs = 10;
const lookEveryMs = 5;
const patienceMs = 30_000;

/**
 * Steady traffic on one shard and two consumers: the one that serves is killed, or frozen, again and again. What counts
 * is how long it takes until the other one has committed a batch.
 */
export async function measureTakeovers({
  redisUrl,
  runs,
}: {
  redisUrl: string;
  runs: number;
}): Promise<Takeovers> {
  await using created = await createTestDatabase(async (url) => void (await migrate(url)));
  await using database = await openDatabase({ url: created.url, applicationName: 'watcher' });
  await addPbxs(database);
  const prefix = uniquePrefix('takeover');
  await using fleet = new ConsumerFleet({
    databaseUrl: created.url,
    redisUrl,
    prefix,
    shards: 1,
    batchEntriesMax: 1000,
    logLevel: 'fatal',
  });
  await Promise.all([fleet.start(), fleet.start()]);
  await using _traffic = await steadyTraffic({ redisUrl, prefix });

  const afterKillMs: number[] = [];
  const afterFreezeMs: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const victim = await owner(database);
    afterKillMs.push(await untilReplaced(database, victim, () => fleet.signal(victim, 'SIGKILL')));
    await fleet.start();
    await settled(database);

    const sleeper = await owner(database);
    afterFreezeMs.push(await untilReplaced(database, sleeper, () => fleet.signal(sleeper, 'SIGSTOP')));
    fleet.signal(sleeper, 'SIGCONT');
    await settled(database);
  }
  return { afterKillMs, afterFreezeMs };
}

async function steadyTraffic({
  redisUrl,
  prefix,
}: {
  redisUrl: string;
  prefix: string;
}): Promise<AsyncDisposable> {
  const logger = createLogger({ name: 'traffic', level: 'error', redactPhoneNumbers: false });
  const metrics = createMetrics({ app: 'traffic' });
  const redis = createRedisConnections({ url: redisUrl, logger, name: 'traffic' });
  const publisher = createPublisher({
    prefix,
    shards: 1,
    redis,
    codec: heardCodec,
    logger,
    metrics,
    onLoss: () => undefined,
  });
  const speaking = speak(publisher);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(speaking);
      await publisher.stop();
      await redis.closeAll();
      metrics.stop();
    },
  };
}

function speak(publisher: Publisher<Heard>): NodeJS.Timeout {
  let seq = 0;
  return setInterval(() => {
    seq += 1;
    const text = JSON.stringify({ call: `call-${seq}`, at: Date.now() });
    const head = { source: pbxIds[0], epoch: 1, seq, type: 'call.ringing' };
    void publisher.publish({ ...head, payload: { text } });
  }, eventEveryMs);
}

/** The pid of the process that committed last, as it is named in the offset row. */
async function owner(database: Database): Promise<number> {
  for (;;) {
    const pid = await servedBy(database);
    if (pid !== undefined) return pid;
    await sleep(lookEveryMs);
  }
}

async function servedBy(database: Database): Promise<number | undefined> {
  const [row] = await database.run((transaction) =>
    transaction.query<{ served_by: string | null }>('select served_by from stream_offset'),
  );
  const pid = /^pid-(\d+)\//.exec(row?.served_by ?? '')?.[1];
  return pid === undefined ? undefined : Number(pid);
}

async function untilReplaced(database: Database, pid: number, strike: () => void): Promise<number> {
  const startedAt = performance.now();
  strike();
  while ((await servedBy(database)) === pid) {
    if (performance.now() - startedAt > patienceMs)
      throw new Error(`nobody took the shard within ${patienceMs} ms`);
    await sleep(lookEveryMs);
  }
  return performance.now() - startedAt;
}

/** Long enough that both are up and one of them has the shard. */
async function settled(database: Database): Promise<void> {
  await sleep(400);
  await owner(database);
}

export function describeTakeovers({ afterKillMs, afterFreezeMs }: Takeovers) {
  return { afterKill: spread(afterKillMs), afterFreeze: spread(afterFreezeMs) };
}

function spread(values: readonly number[]) {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN);
  return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
