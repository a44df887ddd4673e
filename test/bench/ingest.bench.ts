/** Backlog to committed: events that wait in the streams until one consumer process has them in the tables. */
import { createTestDatabase, startTestServers, uniquePrefix } from '@trunkline/backing-services/testing';
import { maintainAudit, migrate, openDatabase, type Database } from '@trunkline/database';
import { createPublisher, createStreamKeys } from '@trunkline/event-stream';
import { heardCodec } from '@trunkline/ingest';
import { createLogger, createMetrics, createRedisConnections } from '@trunkline/service-kit';
import { Redis } from 'ioredis';
import { parseArgs } from 'node:util';
import { runContender, type Task } from './ingest/contender.ts';
import { eventsOf, pbxIdOf, tenant, workloadOf, type Workload } from './ingest/workload.ts';
import { interleave, ratio, report, runsMin, type Contender } from './measure.ts';

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      events: { type: 'string', default: '200000' },
      shards: { type: 'string', default: '8' },
      runs: { type: 'string', default: String(runsMin) },
      only: { type: 'string' },
    },
  });
  const shards = Number(values.shards);
  const workload = workloadOf(Number(values.events));

  await using servers = await startTestServers((line) => console.log(line));
  await using created = await createTestDatabase(async (url) => void (await migrate(url)));
  await using database = await openDatabase({ url: created.url, applicationName: 'bench' });
  await prepare(database, workload, shards);
  const prefix = uniquePrefix('bench');
  const task: Task = {
    databaseUrl: created.url,
    redisUrl: servers.redisUrl,
    prefix,
    shards,
    events: workload.events,
  };
  await fillStreams(task, workload);

  // The unit of work is slow enough that a tenth of the jobs tells its rate.
  const fewer = { ...task, events: workloadOf(workload.events / 10).events };
  const contenders: Contender[] = [
    contender('ours', './ours.ts', task, database),
    contender('limit', './limit.ts', task, database),
    contender('bullmqNoop', './bullmq-noop.ts', task, database),
    contender('bullmqOrm', './bullmq-orm.ts', fewer, database),
  ].filter(({ name }) => values.only === undefined || values.only.split(',').includes(name));
  console.log(`${workload.events} events of ${workload.calls} calls in ${shards} shards; ${servers.label}`);
  const rates = await interleave(contenders, Number(values.runs));
  await clearStreams(task);
  const { ours = 0, limit = 0, bullmqNoop = 0, bullmqOrm = 0 } = rates;
  report(
    'ingest',
    { eventsPerSecond: rates, shards, events: workload.events },
    {
      limit: ratio(ours, limit),
      bullmqNoop: ratio(ours, bullmqNoop),
      bullmqOrm: ratio(ours, bullmqOrm),
    },
  );
}

/** Each run starts from empty tables, freshly analysed, so that none is helped or hurt by what another left. */
const contender = (name: string, file: string, task: Task, database: Database): Contender => ({
  name,
  run: async () => {
    await database.run((transaction) =>
      transaction.query(`truncate call, extension, recording, pbx_floor, call_event, outbox,
        stream_offset, stream_progress, dead_letter`),
    );
    await database.run((transaction) => transaction.query(`update bare_offset set last_id = '0-0'`));
    return runContender(file, task);
  },
});

async function prepare(database: Database, { pbxs }: Workload, shards: number): Promise<void> {
  await maintainAudit(database, { now: new Date(), monthsAhead: 1, monthsKept: 12 });
  await database.run(async (transaction) => {
    await transaction.query(`insert into tenant (id, name) values ($1, 'bench')`, [tenant]);
    await transaction.query(
      `insert into pbx (id, tenant_id, name, vendor) select id, $1, 'bench', 'bench' from unnest($2::uuid[]) as id`,
      [tenant, Array.from({ length: pbxs }, (_, index) => pbxIdOf(index))],
    );
    await transaction.query('create table bare_offset (shard integer primary key, last_id text not null)');
    await transaction.query(
      `insert into bare_offset select shard, '0-0' from generate_series(0, $1::integer - 1) shard`,
      [shards],
    );
  });
}

async function fillStreams({ redisUrl, prefix, shards, events }: Task, workload: Workload): Promise<void> {
  const logger = createLogger({ name: 'bench', level: 'warn', redactPhoneNumbers: false });
  const metrics = createMetrics({ app: 'bench' });
  await using redis = createRedisConnections({ url: redisUrl, logger, name: 'bench' });
  const tuning = { queueEntriesMax: events + 1, queueBytesMax: 2 ** 31 };
  const publisher = createPublisher({
    prefix,
    shards,
    redis,
    codec: heardCodec,
    logger,
    metrics,
    onLoss: () => undefined,
    tuning,
  });
  for (const { source, epoch, seq, type, text } of eventsOf(workload, Date.now())) {
    void publisher.publish({ source, epoch, seq, type, payload: { text } });
  }
  await publisher.flush(120_000);
  await publisher.stop();
  metrics.stop();
}

/** The servers may be somebody's own: nothing stays behind. */
async function clearStreams({ redisUrl, prefix, shards }: Task): Promise<void> {
  const redis = new Redis(redisUrl);
  const keys = createStreamKeys(prefix);
  for (let shard = 0; shard < shards; shard += 1) await redis.del(keys.events(shard));
  redis.disconnect();
}
