import { sleep } from '@trunkline/service-kit';
import { countEvents, sumMetrics, type Sums } from '../system/sum-metrics.ts';
import { System } from '../system/system.ts';
import { Throttle } from '../soak/throttle.ts';
import { meter, type Reading } from './meter.ts';
import { meteredOf } from './metered-of.ts';

export interface IngestPlan {
  readonly workers: number;
  /** Events a second, rising. */
  readonly rates: readonly number[];
  readonly warmUpMs: number;
  readonly measureMs: number;
  readonly pbxs: number;
  readonly phonesPerPbx: number;
  readonly onStep?: (step: IngestStep) => void;
}

export interface IngestStep {
  readonly workers: number;
  readonly asked: number;
  readonly reading: Reading;
  readonly eventsPerSecond: number;
  readonly callsPerSecond: number;
  /** Messages that committed transactions gave to the feeds, for each event. */
  readonly messagesPerEvent: number;
  readonly walBytesPerEvent: number;
  /** Of the lifecycle group: batches a second, and how long they took in all. */
  readonly batchesPerSecond: number;
  readonly batchSecondsPerSecond: number;
  /** From Redis to the commit, of the oldest event of each batch. */
  readonly meanDelayMs: number;
}

export interface IngestReport {
  readonly steps: readonly IngestStep[];
  /** What lies in tables and indexes at the end, for each call that was made. */
  readonly storedBytesPerCall: number;
  readonly problems: readonly string[];
}

/** So many lifecycle workers, and PBXs that say more and more. */
export async function measureIngest(plan: IngestPlan): Promise<IngestReport> {
  const { workers, pbxs, phonesPerPbx } = plan;
  await using system = await System.start({
    replicas: { connector: 1, 'lifecycle-worker': workers, 'cleanup-worker': 1 },
    telephones: { pbxs, phonesPerPbx, seed: 1, pace: 3 },
    tenants: 2,
  });
  await system.untilLive();
  const steps: IngestStep[] = [];
  const before = await storedBytes(system);
  for (const rate of plan.rates) {
    const step = await measureStep(system, rate, plan);
    steps.push(step);
    plan.onStep?.(step);
  }
  const calls = await placedCalls(system);
  return {
    steps,
    storedBytesPerCall: ((await storedBytes(system)) - before) / Math.max(1, calls),
    problems: system.ended,
  };
}

async function measureStep(system: System, rate: number, plan: IngestPlan): Promise<IngestStep> {
  const throttle = new Throttle(system, rate);
  await throttle.open();
  await sleep(plan.warmUpMs);
  const before = await countersOf(system);
  const read = meter(meteredOf(system));
  await sleep(plan.measureMs);
  const reading = read();
  const after = await countersOf(system);
  const grown = (name: string): number => (after.sums.get(name) ?? 0) - (before.sums.get(name) ?? 0);
  const events = Math.max(1, after.events - before.events);
  return {
    workers: plan.workers,
    asked: rate,
    reading,
    eventsPerSecond: events / reading.seconds,
    callsPerSecond: (after.calls - before.calls) / reading.seconds,
    messagesPerEvent: grown('trunkline_feed_messages_total') / events,
    walBytesPerEvent: (after.wal - before.wal) / events,
    batchesPerSecond: grown('trunkline_stream_batch_seconds_count') / reading.seconds,
    batchSecondsPerSecond: grown('trunkline_stream_batch_seconds_sum') / reading.seconds,
    meanDelayMs:
      (1_000 * grown('trunkline_stream_commit_delay_seconds_sum')) /
      Math.max(1, grown('trunkline_stream_commit_delay_seconds_count')),
  };
}

interface Counters {
  readonly events: number;
  readonly calls: number;
  readonly wal: number;
  readonly sums: Sums;
}

async function countersOf(system: System): Promise<Counters> {
  const [events, calls, wal, sums] = await Promise.all([
    countEvents(system.services),
    placedCalls(system),
    number(system, `select (pg_current_wal_lsn() - '0/0'::pg_lsn)::float8 as value`),
    sumMetrics(
      system.services.filter(({ service }) => service.endsWith('-worker')),
      (name, { app, group }) =>
        name === 'trunkline_feed_messages_total' || (app === 'lifecycle-worker' && group === 'lifecycle'),
    ),
  ]);
  return { events, calls, wal, sums };
}

async function placedCalls({ telephones }: System): Promise<number> {
  telephones.order({ order: 'counters' });
  return (await telephones.told('counters')).calls.placed;
}

const storedBytes = (system: System): Promise<number> =>
  number(
    system,
    `select sum(pg_total_relation_size(oid))::float8 as value from pg_class
     where relkind = 'r' and (relname = 'call' or relname like 'call\\_event%')`,
  );

async function number({ database }: System, sql: string): Promise<number> {
  const [row] = await database.run((transaction) => transaction.query<{ value: number }>(sql));
  return row?.value ?? Number.NaN;
}
