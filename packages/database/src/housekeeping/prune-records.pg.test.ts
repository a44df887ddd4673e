import { expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, said } from '../testing/index.ts';
import { applyEvents } from '../writes/apply-events.ts';
import { pruneRecords } from './prune-records.ts';

const hourMs = 3_600_000;
const kept = { keptMs: 100 * hourMs, quietKeptMs: 10 * hourMs };

const query = (database: Database, statement: string) =>
  database.run((transaction) => transaction.query<Record<string, unknown>>(statement));

it('keeps runs that changed something longer than quiet reconciliations, and those under way for ever', async () => {
  await using database = await preparedDatabase();
  await database.run((transaction) =>
    applyEvents(transaction, [
      said(1, 'call.ringing', { call: 'a' }),
      said(2, 'link.disconnected', {}),
      said(4, 'link.snapshot', {
        asOf: { epoch: 1, seq: 3 },
        calls: [{ call: 'b', status: 'ringing', extensions: [] }],
      }),
      said(6, 'link.snapshot', {
        asOf: { epoch: 1, seq: 5 },
        calls: [{ call: 'b', status: 'ringing', extensions: [] }],
      }),
    ]),
  );
  const age = (hours: number) =>
    query(
      database,
      `update cleanup_run set started_at = now() - interval '${hours} hours',
         finished_at = now() - interval '${hours} hours' where finished_at is not null`,
    );
  const versions = async () =>
    (await query(database, 'select version::text as version from cleanup_run order by version')).map(
      ({ version }) => Number(BigInt(String(version)) % (1n << 40n)),
    );
  expect(await versions()).toEqual([2, 4, 6]);

  await age(9);
  expect(await pruneRecords(database, kept)).toBe(0);
  await age(11);
  expect(await pruneRecords(database, kept)).toBe(1);
  expect(await versions()).toEqual([2, 4]);

  await query(database, "update cleanup_run set finished_at = null where kind = 'disconnect'");
  await query(database, `update cleanup_run set started_at = now() - interval '101 hours'`);
  await age(101);
  expect(await pruneRecords(database, kept)).toBe(1);
  expect(await versions()).toEqual([2]);
});

it('forgets dead letters that were settled long ago, and none that waits', async () => {
  await using database = await preparedDatabase();
  await query(
    database,
    `insert into dead_letter (id, group_name, shard, entry_id, payload, error, attempts, state, resolved_at)
     select gen_random_uuid(), 'lifecycle', 0, n || '-0', '{}', 'a bug', 1, state, resolved_at
     from (values (1, 'parked', null), (2, 'replayed', now() - interval '101 hours'), (3, 'dropped', now() - interval '99 hours'))
       as letter (n, state, resolved_at)`,
  );
  expect(await pruneRecords(database, kept)).toBe(1);
  expect(
    (await query(database, 'select entry_id from dead_letter order by 1')).map((row) => row['entry_id']),
  ).toEqual(['1-0', '3-0']);
});
