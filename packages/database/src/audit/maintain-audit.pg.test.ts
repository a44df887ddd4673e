import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, tenantIds } from '../testing/index.ts';
import { maintainAudit } from './maintain-audit.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const audit = (at: string, version: number) =>
  database.run((transaction) =>
    transaction.query(
      `insert into call_event (tenant_id, pbx_id, subject, version, at, type, payload)
       values ($1, $2, 'call-1', $3, $4, 'call.ringing', '{}')`,
      [tenantIds[0], pbxIds[0], version, at],
    ),
  );

const rowsByPartition = async () => {
  const rows = await database.run((transaction) =>
    transaction.query<{ partition: string; count: number }>(
      'select tableoid::regclass::text as partition, count(*)::integer as count from call_event group by 1 order by 1',
    ),
  );
  return Object.fromEntries(rows.map(({ partition, count }) => [partition, count]));
};

it('makes months ahead, takes over what the default partition held, and drops what is past its time', async () => {
  await audit('2026-01-31T23:59:59Z', 1);
  await audit('2026-02-01T00:00:00Z', 2);
  await audit('1999-01-01T00:00:00Z', 3);
  expect(await rowsByPartition()).toEqual({ call_event_default: 3 });

  const january = { now: new Date('2026-01-15T00:00:00Z'), monthsAhead: 2, monthsKept: 500 };
  const first = await maintainAudit(database, january);
  expect(first.made).toEqual(['call_event_2026_01', 'call_event_2026_02', 'call_event_2026_03']);
  expect(await rowsByPartition()).toEqual({
    call_event_2026_01: 1,
    call_event_2026_02: 1,
    call_event_default: 1,
  });
  expect(await maintainAudit(database, january)).toEqual({ made: [], dropped: [], deletedFromDefault: 0 });

  const march = { now: new Date('2026-03-15T00:00:00Z'), monthsAhead: 1, monthsKept: 1 };
  expect(await maintainAudit(database, march)).toEqual({
    made: ['call_event_2026_04'],
    dropped: ['call_event_2026_01'],
    deletedFromDefault: 1,
  });
  expect(await rowsByPartition()).toEqual({ call_event_2026_02: 1 });
});

it('may run in many processes at once', async () => {
  const plan = { now: new Date('2030-01-15T00:00:00Z'), monthsAhead: 5, monthsKept: 500 };
  const all = await Promise.all(Array.from({ length: 6 }, () => maintainAudit(database, plan)));
  expect(all.flatMap(({ made }) => made)).toHaveLength(6);
});
