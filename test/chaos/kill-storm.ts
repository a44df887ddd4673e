import { createTestDatabase, startFaultProxy, uniquePrefix } from '@trunkline/backing-services/testing';
import { migrate, openDatabase, type Database } from '@trunkline/database';
import { storedState, type State } from '@trunkline/database/testing';
import { gather } from '@trunkline/domain';
import { histories, pbxIds, read, stateOf, type PublishedEvent } from '@trunkline/domain/testing';
import { createPublisher } from '@trunkline/event-stream';
import { heardCodec } from '@trunkline/ingest';
import { createLogger, createMetrics, createRedisConnections, sleep } from '@trunkline/service-kit';
import { sample } from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { createRandom, type Random } from '../support/random.ts';
import { ConsumerFleet } from './consumer-fleet.ts';
import { Weather, type FaultCounts } from './weather.ts';

export interface Storm {
  readonly seed: number;
  readonly databaseUrl?: string;
  readonly redisUrl: string;
  readonly consumers: number;
  readonly eventsOfPbx: number;
  readonly stormMs: number;
  readonly log?: (line: string) => void;
}

export interface StormReport {
  readonly seed: number;
  readonly unique: number;
  readonly delivered: number;
  readonly faults: FaultCounts;
  readonly crashes: number;
  readonly drainedAfterMs: number;
  /** What the tables say differently from the oracle. Empty, or Trunkline is wrong. */
  readonly differences: readonly string[];
}

const shards = 4;
const drainMsMax = 60_000;

/**
 * Consumers are killed and frozen, their connections are reset, held back and refused, while events come late, twice
 * and out of order. When the weather has cleared, the tables must hold what the domain makes of the same history, and
 * one audit row for each event.
 */
export async function runKillStorm(storm: Storm): Promise<StormReport> {
  const { seed, log = () => undefined } = storm;
  const random = createRandom(seed);
  const history = historyOf(storm);
  const deliveries = deliver(history, random);
  await using created = await createTestDatabase(async (url) => void (await migrate(url)));
  await using database = await openDatabase({ url: created.url, applicationName: 'oracle' });
  await addPbxs(database);
  await using postgres = await startFaultProxy({ port: portOf(created.url) });
  await using redis = await startFaultProxy({ port: portOf(storm.redisUrl) });
  const prefix = uniquePrefix('storm');
  await using fleet = new ConsumerFleet({
    databaseUrl: postgres.through(created.url),
    redisUrl: redis.through(storm.redisUrl),
    prefix,
    shards,
    batchEntriesMax: 50,
    logLevel: 'fatal',
  });
  await Promise.all(Array.from({ length: storm.consumers }, () => fleet.start()));
  log(
    `seed ${seed}: ${history.length} events, ${deliveries.length} deliveries, ${storm.consumers} consumers`,
  );

  const weather = new Weather({ fleet, proxies: [postgres, redis], random });
  const clearing = weather.rage(storm.stormMs);
  await publish(deliveries, { redisUrl: storm.redisUrl, prefix, overMs: storm.stormMs * 0.8 });
  await clearing;
  const drainedAfterMs = await drain(database, deliveries.length);
  const differences = await compare(database, history);
  return {
    seed,
    unique: history.length,
    delivered: deliveries.length,
    faults: weather.counts,
    crashes: fleet.crashes,
    drainedAfterMs,
    differences,
  };
}

function historyOf({ seed, eventsOfPbx }: Storm): PublishedEvent[] {
  const shape = { pbxs: 3, wordsMin: eventsOfPbx, wordsMax: eventsOfPbx, calls: 100, epochWordsMin: 100 };
  return sample(histories(shape), { seed, numRuns: 1 })[0] ?? [];
}

const displacementMax = 40;
const repeatedShare = 0.3;

/** Everything at least once, some of it again, and out of order by a few dozen places. */
function deliver(history: readonly PublishedEvent[], random: Random): PublishedEvent[] {
  const placed = history.flatMap((event, index) => {
    const times = random.next() < repeatedShare ? random.between(2, 3) : 1;
    return Array.from({ length: times }, () => ({
      event,
      place: index + random.between(0, displacementMax),
    }));
  });
  return placed.sort((one, other) => one.place - other.place).map(({ event }) => event);
}

async function publish(
  deliveries: readonly PublishedEvent[],
  { redisUrl, prefix, overMs }: { redisUrl: string; prefix: string; overMs: number },
): Promise<void> {
  const logger = createLogger({ name: 'storm', level: 'error', redactPhoneNumbers: false });
  const metrics = createMetrics({ app: 'storm' });
  await using redis = createRedisConnections({ url: redisUrl, logger, name: 'storm' });
  const publisher = createPublisher({
    prefix,
    shards,
    redis,
    codec: heardCodec,
    logger,
    metrics,
    onLoss: fail,
  });
  const ticks = Math.max(1, Math.ceil(overMs / 20));
  const perTick = Math.ceil(deliveries.length / ticks);
  for (let first = 0; first < deliveries.length; first += perTick) {
    for (const { payload, ...head } of deliveries.slice(first, first + perTick)) {
      void publisher.publish({ ...head, payload: { text: JSON.stringify(payload) } });
    }
    await sleep(20);
  }
  await publisher.flush(30_000);
  await publisher.stop();
  metrics.stop();
}

function fail(): never {
  throw new Error('the publisher of the storm lost events; the storm says nothing');
}

/** Waits until every delivery was read, whatever became of it. */
async function drain(database: Database, deliveries: number): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const [row] = await database.run((transaction) =>
      transaction.query<{ read: number }>(
        `select coalesce(sum(received + duplicates), 0)::integer as read from stream_progress`,
      ),
    );
    const elapsedMs = performance.now() - startedAt;
    if (row !== undefined && row.read >= deliveries) return Math.round(elapsedMs);
    if (elapsedMs > drainMsMax) return Math.round(elapsedMs);
    await sleep(50);
  }
}

async function compare(database: Database, history: readonly PublishedEvent[]): Promise<string[]> {
  const expected = new Map(stateOf(gather(history.map(read))).map((state) => [String(state.pbx), state]));
  const stored = await database.run(storedState);
  const differences = stored.flatMap((state) => differencesOf(expected.get(String(state.pbx)), state));
  return [...differences, ...(await auditDifferences(database, history)), ...(await leftovers(database))];
}

function differencesOf(expected: State[number] | undefined, stored: State[number]): string[] {
  const kinds = ['calls', 'extensions', 'recordings'] as const;
  return kinds.flatMap((kind) => {
    const wanted: readonly unknown[] = expected?.[kind] ?? [];
    const found: readonly unknown[] = stored[kind];
    const length = Math.max(wanted.length, found.length);
    return Array.from({ length }, (_, index) => index)
      .filter((index) => !isDeepStrictEqual(plain(wanted[index]), plain(found[index])))
      .map(
        (index) => `${kind} of ${stored.pbx}: expected ${show(wanted[index])}, found ${show(found[index])}`,
      );
  });
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? `${each}` : each)) ?? 'nothing';

/** Without the difference between a field that is absent and one that is undefined. */
const plain = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(show(value)) as unknown);

async function auditDifferences(database: Database, history: readonly PublishedEvent[]): Promise<string[]> {
  const rows = await database.run((transaction) =>
    transaction.query<{ pbx: string; version: string }>('select pbx_id as pbx, version from call_event'),
  );
  const found = new Set(rows.map(({ pbx, version }) => `${pbx} ${version}`));
  const expected = new Set(history.map((event) => `${event.source} ${read(event).version}`));
  const missing = [...expected.difference(found)].map((key) => `audit lacks ${key}`);
  const extra = [...found.difference(expected)].map((key) => `audit invented ${key}`);
  const repeated = rows.length === found.size ? [] : [`audit has ${rows.length - found.size} rows twice`];
  return [...missing, ...extra, ...repeated];
}

/** Nothing was set aside, and no number is missing between those that came. */
async function leftovers(database: Database): Promise<string[]> {
  const letters = await database.run((transaction) =>
    transaction.query<{ error: string }>('select error from dead_letter limit 3'),
  );
  const holes = await database.run((transaction) =>
    transaction.query<{ source: string; epoch: string; missing: string }>(
      `select source, epoch, missing::text from stream_progress where missing <> '{}' or lost > 0`,
    ),
  );
  return [
    ...letters.map(({ error }) => `dead letter: ${error}`),
    ...holes.map(({ source, epoch, missing }) => `hole in ${source} epoch ${epoch}: ${missing}`),
  ];
}

export async function addPbxs(database: Database): Promise<void> {
  const tenant = '10000000-0000-4000-8000-000000000001';
  await database.run(async (transaction) => {
    await transaction.query(`insert into tenant (id, name) values ($1, 'storm')`, [tenant]);
    await transaction.query(
      `insert into pbx (id, tenant_id, name, vendor) select id, $1, 'storm', 'storm' from unnest($2::uuid[]) as id`,
      [tenant, pbxIds],
    );
  });
}

const portOf = (url: string): number => Number(new URL(url).port);
