/** What the history of ended calls costs whoever asks for the open ones: nothing, if the partial index does its work. */
import { createTestDatabase, startTestServers } from '@trunkline/backing-services/testing';
import { migrate, openDatabase, type Database } from '@trunkline/database';
import { parseArgs } from 'node:util';
import { median, ratio, report } from './measure.ts';

const tenant = '10000000-0000-4000-8000-000000000001';
const pbx = '00000000-0000-4000-8000-000000000001';
const openCalls = 1000;
const chunk = 500_000;
const repetitions = 21;

const question = `
  select pbx_id, call_key, status, started_at, answered_at from call
  where status <> 'ended' and pbx_id = $1 order by call_key`;

export async function bench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { small: { type: 'string', default: '100000' }, large: { type: 'string', default: '5000000' } },
  });
  const [small, large] = [Number(values.small), Number(values.large)];
  await using _servers = await startTestServers((line) => console.log(line));
  await using created = await createTestDatabase(async (url) => void (await migrate(url)));
  await using database = await openDatabase({ url: created.url, applicationName: 'bench', silenceMs: 0 });
  await addCalls(database, 'open', openCalls);

  await addHistory(database, 0, small);
  const few = await ask(database, small);
  await addHistory(database, small, large);
  const many = await ask(database, large);
  console.log(`the plan with ${large} ended calls:\n${many.plan}`);
  report(
    'open-calls',
    { openCalls, small: { ended: small, ...figures(few) }, large: { ended: large, ...figures(many) } },
    { history: ratio(many.ms, few.ms), pages: ratio(many.pages, few.pages) },
  );
}

interface Answer {
  readonly ms: number;
  readonly pages: number;
  readonly plan: string;
}

const figures = ({ ms, pages }: Answer) => ({ ms, pages });

async function addHistory(database: Database, from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += chunk) {
    const count = Math.min(chunk, to - first);
    await addCalls(database, `ended-${first}`, count);
    console.log(`${first + count} ended calls`);
  }
  await database.run((transaction) => transaction.query('analyze call'));
}

async function addCalls(database: Database, name: string, count: number): Promise<void> {
  const status = name === 'open' ? 'connected' : 'ended';
  await database.run((transaction) =>
    transaction.query(
      `insert into call (tenant_id, pbx_id, call_key, started_at, answered_at, word_as_of, word_said, word_rank,
         word_status, extensions, status, ended_at, hangup_cause)
       select $1, $2, $3 || n, now() - n * interval '1 second', now() - n * interval '1 second', n, n, 0, $4,
         array['1001'], $4, case when $4 = 'ended' then now() end, case when $4 = 'ended' then 'normal' end
       from generate_series(1, $5::integer) n`,
      [tenant, pbx, `${name}-`, status, count],
    ),
  );
}

async function ask(database: Database, ended: number): Promise<Answer> {
  const times: number[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const startedAt = performance.now();
    await database.run((transaction) => transaction.query(question, [pbx]));
    times.push(performance.now() - startedAt);
  }
  const rows = await database.run((transaction) =>
    transaction.query<{ 'QUERY PLAN': string }>(
      `explain (analyze, buffers, costs off, timing off) ${question}`,
      [pbx],
    ),
  );
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  const hits = [...plan.matchAll(/(?:hit|read)=(\d+)/g)].map(([, pages]) => Number(pages));
  const answer = { ms: Math.round(median(times) * 100) / 100, pages: hits[0] ?? 0, plan };
  console.log(`${ended} ended calls: ${answer.ms} ms, ${answer.pages} pages`);
  return answer;
}
