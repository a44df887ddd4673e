/**
 * What a sweep costs with few and with many ended calls in history: finding the suspects, asking (a script that answers at
 * once), ending them with audit, run and outbox. Nothing of it may grow with the history.
 */
import { createTestDatabase, startTestServers } from '@trunkline/backing-services/testing';
import { maintainAudit, migrate, openDatabase, type Database } from '@trunkline/database';
import { defaultStuckCallLimits } from '@trunkline/domain';
import { createLogger } from '@trunkline/service-kit';
import { sweep, type SweepContext } from '@trunkline/stuck-calls';
import { parseArgs } from 'node:util';
import { median, ratio, report } from './measure.ts';

const tenant = '10000000-0000-4000-8000-000000000001';
const pbx = '00000000-0000-4000-8000-000000000001';
const chunk = 500_000;
const repetitionsMin = 21;
const warmUps = 3;

interface Load {
  readonly open: number;
  readonly stuck: number;
  readonly repetitions: number;
}

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      small: { type: 'string', default: '100000' },
      large: { type: 'string', default: '5000000' },
      open: { type: 'string', default: '1000' },
      stuck: { type: 'string', default: '200' },
      runs: { type: 'string', default: String(repetitionsMin) },
    },
  });
  const [small, large] = [Number(values.small), Number(values.large)];
  const load: Load = {
    open: Number(values.open),
    stuck: Number(values.stuck),
    repetitions: Number(values.runs),
  };
  await using servers = await startTestServers((line) => console.log(line));
  await using few = await openHistory(small, load);
  await using many = await openHistory(large, load);
  console.log(`${load.open} open calls, of which ${load.stuck} are stuck; ${servers.label}`);
  for (let repetition = -warmUps; repetition < load.repetitions; repetition += 1) {
    for (const history of [few, many]) await measure(history, repetition, load);
  }
  const [less, more] = [figuresOf(few), figuresOf(many)];
  report(
    'sweep',
    { ...load, small: less, large: more },
    { history: ratio(more.ms, less.ms), idle: ratio(more.idleMs, less.idleMs) },
  );
}

/** A database with so many ended calls, and what sweeps of it have cost so far. */
interface History extends AsyncDisposable {
  readonly database: Database;
  readonly ended: number;
  readonly times: number[];
  readonly idle: number[];
}

/** Two databases side by side, asked in turn, so that whatever else the machine does meets both alike. */
async function openHistory(ended: number, load: Load): Promise<History> {
  const created = await createTestDatabase(async (url) => void (await migrate(url)));
  const database = await openDatabase({ url: created.url, applicationName: 'bench', silenceMs: 0 });
  await prepare(database, load);
  await addHistory(database, ended);
  const dispose = async () => {
    await database.close();
    await created[Symbol.asyncDispose]();
  };
  return { database, ended, times: [], idle: [], [Symbol.asyncDispose]: dispose };
}

async function prepare(database: Database, { open, stuck }: Load): Promise<void> {
  await maintainAudit(database, { now: new Date(), monthsAhead: 1, monthsKept: 12 });
  await database.run(async (transaction) => {
    await transaction.query(`insert into tenant (id, name) values ($1, 'bench')`, [tenant]);
    await transaction.query(
      `insert into pbx (id, tenant_id, name, vendor) values ($1, $2, 'bench', 'bench')`,
      [pbx, tenant],
    );
  });
  await addCalls(database, { name: 'open', count: open - stuck, status: 'connected', ageSeconds: 60 });
}

async function addHistory(database: Database, to: number): Promise<void> {
  for (let first = 0; first < to; first += chunk) {
    const count = Math.min(chunk, to - first);
    await addCalls(database, { name: `ended-${first}`, count, status: 'ended', ageSeconds: 86_400 });
    console.log(`${first + count} ended calls`);
  }
  // Whoever measures a table that autovacuum has not seen yet measures autovacuum.
  await database.orm.em.fork().getConnection().execute('vacuum analyze call');
  await database.orm.em.fork().getConnection().execute('checkpoint');
}

interface Calls {
  readonly name: string;
  readonly count: number;
  readonly status: 'connected' | 'ended';
  readonly ageSeconds: number;
}

async function addCalls(database: Database, { name, count, status, ageSeconds }: Calls): Promise<void> {
  await database.run((transaction) =>
    transaction.query(
      `insert into call (tenant_id, pbx_id, call_key, started_at, answered_at, word_as_of, word_said, word_rank,
         word_status, extensions, status, ended_at, hangup_cause)
       select $1, $2, $3 || n, now() - $6::integer * interval '1 second', now() - $6::integer * interval '1 second', n, n,
         0, $4, array['1001'], $4, case when $4 = 'ended' then now() end, case when $4 = 'ended' then 'normal' end
       from generate_series(1, $5::integer) n`,
      [tenant, pbx, `${name}-`, status, count, ageSeconds],
    ),
  );
}

/** Each sweep finds as many stuck calls as the one before; a second one right behind it finds none. */
async function measure(
  { database, times, idle }: History,
  repetition: number,
  { stuck }: Load,
): Promise<void> {
  const context: SweepContext = {
    database,
    ask: () => Promise.resolve('gone'),
    relay: () => Promise.resolve(),
    logger: createLogger({ name: 'bench', level: 'warn', redactPhoneNumbers: false }),
  };
  const name = `stuck-${repetition}`;
  await addCalls(database, { name, count: stuck, status: 'connected', ageSeconds: 7_200 });
  const busyMs = await timeSweep(context, stuck);
  const idleMs = await timeSweep(context, 0);
  if (repetition < 0) return;
  times.push(busyMs);
  idle.push(idleMs);
}

function figuresOf({ ended, times, idle }: History) {
  const figures = { ended, ms: hundredths(median(times)), idleMs: hundredths(median(idle)) };
  console.log(
    `${ended} ended calls: a sweep takes ${figures.ms} ms, one that finds nothing ${figures.idleMs} ms`,
  );
  return figures;
}

async function timeSweep(context: SweepContext, stuck: number): Promise<number> {
  const startedAt = performance.now();
  const done = await sweep(context, { dryRun: false, verify: true, by: 'bench' }, defaultStuckCallLimits);
  const ms = performance.now() - startedAt;
  if (done.counts.ended !== stuck)
    throw new Error(`a sweep ended ${done.counts.ended} calls instead of ${stuck}`);
  return ms;
}

const hundredths = (ms: number): number => Math.round(ms * 100) / 100;
