/** From a PBX's lost link to a clean database, and to the last message on its way to the screens. */
import { createTestDatabase, startTestServers, uniquePrefix } from '@trunkline/backing-services/testing';
import { migrate, openDatabase } from '@trunkline/database';
import { parseArgs } from 'node:util';
import { perRowOrm } from './cleanup/per-row-orm.ts';
import { rawSql } from './cleanup/raw-sql.ts';
import { addPbx, busyState, isClean } from './cleanup/state.ts';
import { startOurs } from './cleanup/ours.ts';
import { median, ratio, report, runsMin } from './measure.ts';

/** Milliseconds from the event to each of its effects. */
type Times = Readonly<Record<string, number>>;

interface Contender {
  readonly name: string;
  run(): Promise<Times>;
}

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '10000' },
      history: { type: 'string', default: '100000' },
      runs: { type: 'string', default: String(runsMin) },
      only: { type: 'string' },
    },
  });
  const rows = Number(values.rows);
  await using servers = await startTestServers((line) => console.log(line));
  await using created = await createTestDatabase(async (url) => void (await migrate(url)));
  await using database = await openDatabase({ url: created.url, applicationName: 'bench', silenceMs: 0 });
  await addPbx(database);
  const prefix = uniquePrefix('cleanup');
  await using ours = await startOurs({ database, redisUrl: servers.redisUrl, prefix });

  const contenders: Contender[] = [
    { name: 'ours', run: () => ours.disconnect() },
    { name: 'rawSql', run: () => timed(() => rawSql(database)) },
    { name: 'perRowOrm', run: () => timed(() => perRowOrm(database)) },
  ].filter(({ name }) => values.only === undefined || values.only.split(',').includes(name));
  console.log(`${rows} busy extensions, ${rows} open calls, ${values.history} ended ones; ${servers.label}`);

  const all: Record<string, Times[]> = {};
  for (let round = 1; round <= Number(values.runs); round += 1) {
    for (const contender of contenders) {
      const { name } = contender;
      await busyState(database, { rows, history: Number(values.history) });
      const times = await contender.run();
      if (!(await isClean(database))) throw new Error(`${name} left calls open or extensions busy`);
      (all[name] ??= []).push(times);
      console.log(`round ${round}/${values.runs}  ${name.padEnd(10)} ${describe(times)}`);
    }
  }
  const medians = Object.fromEntries(Object.entries(all).map(([name, times]) => [name, mediansOf(times)]));
  const { committed = Number.NaN, relayed = Number.NaN } = medians['ours'] ?? {};
  const rawMs = medians['rawSql']?.['committed'] ?? Number.NaN;
  const ormMs = medians['perRowOrm']?.['committed'] ?? Number.NaN;
  report(
    'cleanup',
    { rows, ms: medians },
    {
      rawSql: ratio(committed, rawMs),
      perRowOrm: ratio(committed, ormMs),
      relayedToRawSql: ratio(relayed, rawMs),
    },
  );
}

async function timed(work: () => Promise<void>): Promise<Times> {
  const startedAt = performance.now();
  await work();
  return { committed: performance.now() - startedAt };
}

const describe = (times: Times): string =>
  Object.entries(times)
    .map(([what, ms]) => `${what} after ${ms.toFixed(0).padStart(6)} ms`)
    .join(', ');

function mediansOf(times: readonly Times[]): Times {
  const names = Object.keys(times[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, Math.round(median(times.map((each) => each[name] ?? Number.NaN)))]),
  );
}
