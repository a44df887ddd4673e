import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase } from '../testing/index.ts';
import { claimTask, finishTask } from './claim-task.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => database.run((transaction) => transaction.query('truncate housekeeping')));

const claim = (by: string, everyMs = 3_600_000, budgetMs = 3_600_000) =>
  database.run((transaction) => claimTask(transaction, { task: 'trim', by, everyMs, budgetMs }));
const finish = (by: string, problem: string | null = null) =>
  database.run((transaction) => finishTask(transaction, { task: 'trim', by }, problem));
const row = async () =>
  (
    await database.run((transaction) =>
      transaction.query<Record<string, unknown>>('select * from housekeeping'),
    )
  )[0];

it('of all who ask while a task is due one gets it', async () => {
  const claims = await Promise.all(Array.from({ length: 8 }, (_, index) => claim(`replica ${index}`)));
  expect(claims.filter(Boolean)).toHaveLength(1);
});

it('a task is due again when its time has come, whoever does it then', async () => {
  expect(await claim('a', 1)).toBe(true);
  await finish('a');
  expect(await claim('b')).toBe(true);
  await finish('b');
  expect(await claim('a')).toBe(false);
});

it('nobody gets a task that somebody is still at, and after its budget anybody does', async () => {
  expect(await claim('a', 0, 3_600_000)).toBe(true);
  expect(await claim('b', 0)).toBe(false);
  await database.run((transaction) => transaction.query('update housekeeping set claimed_until = now()'));
  expect(await claim('b', 0)).toBe(true);
});

it('whoever comes back too late gives nothing back, and a failure is kept to be looked at', async () => {
  await claim('a', 0, 0);
  await claim('b', 0);
  await finish('a');
  expect(await row()).toMatchObject({ claimed_by: 'b', claimed_until: expect.any(String) as string });
  await finish('b', 'the feed is away');
  expect(await row()).toMatchObject({ claimed_until: null, finished_at: null, problem: 'the feed is away' });
});
