import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createWorkerLab, type WorkerLab } from './testing/worker-lab.ts';
import { startReplicaProcess } from './testing/start-replica-process.ts';

const callsOfSweep = 24;
const answerMs = 60;

/**
 * The hardest case for "never two at once": sweeps take longer than the time between them, four processes want to make
 * each of them, and the one that works most is killed again and again in the midst of it.
 */
it('never two sweeps at once over several processes, though they are killed in the midst of their work', async () => {
  await using lab = await createWorkerLab();
  lab.servePbxs();
  lab.answerMs = answerMs;
  await recordTouches(lab);
  const task = {
    databaseUrl: lab.database.url,
    redisUrl: lab.redisUrl,
    prefix: lab.prefix,
    everyMs: 500,
    batchCallsMax: 4,
    leaseMs: 3_000,
  };
  await using stack = new AsyncDisposableStack();
  const start = () => stack.use(startReplicaProcess(task));
  const replicas = [start(), start(), start(), start()];
  const keys: string[] = [];
  for (let round = 0; round < 2; round += 1) {
    const fresh = Array.from({ length: callsOfSweep }, (_, index) => `call ${round}-${index}`);
    for (const key of fresh) lab.answers.set(key, 'gone');
    const before = lab.asked.length;
    await lab.addStuck(fresh);
    keys.push(...fresh);
    await expect.poll(() => lab.asked.length, { timeout: 60_000 }).toBeGreaterThan(before + 5);
    // Whoever is at work holds a batch for a while, so that some of those killed are in the midst of one.
    replicas.shift()?.kill();
    replicas.push(start());
    await expect.poll(() => openCalls(lab), { timeout: 60_000, interval: 100 }).toBe(0);
  }
  await wait(600);
  const sweeps = await touchesOf(lab);
  expect(sweeps.length).toBeGreaterThanOrEqual(2);
  for (const [index, { first, sweep }] of sweeps.entries()) {
    const before = sweeps[index - 1];
    if (before !== undefined) expect({ sweep, after: first > before.last }).toEqual({ sweep, after: true });
  }
  const ended = await lab.rows(
    `select count(*)::integer as count from call_event where type = 'sweep.ended'`,
  );
  expect(ended).toEqual([{ count: keys.length }]);
  expect(
    await lab.rows(`select sum((counts->>'ended')::integer)::integer as ended, bool_and(finished_at is not null) as finished
      from cleanup_run`),
  ).toEqual([{ ended: keys.length, finished: true }]);
}, 240_000);

const openCalls = async (lab: WorkerLab): Promise<number> =>
  (await lab.rows(`select from call where status <> 'ended'`)).length;

/** Every row that a sweep writes is recorded with its moment, in the order in which it was committed or not at all. */
async function recordTouches(lab: WorkerLab): Promise<void> {
  await lab.rows('create table touch (sweep uuid not null, at timestamptz not null)');
  await lab.rows(`
    create function record_touch() returns trigger language plpgsql as $$ begin
      insert into touch select r.sweep_id, clock_timestamp() from cleanup_run r where r.id = new.run_id;
      return null;
    end $$`);
  await lab.rows(
    'create trigger record_touch after insert or update on cleanup_run_call for each row execute function record_touch()',
  );
}

async function touchesOf(lab: WorkerLab): Promise<{ sweep: string; first: number; last: number }[]> {
  const rows = await lab.rows(`
    select sweep, extract(epoch from min(at))::float8 as first, extract(epoch from max(at))::float8 as last
    from touch group by sweep order by min(at)`);
  return rows as { sweep: string; first: number; last: number }[];
}
