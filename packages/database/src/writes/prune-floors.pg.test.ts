import { expect, it } from 'vitest';
import { preparedDatabase, said } from '../testing/index.ts';
import { applyEvents } from './apply-events.ts';
import { pruneFloors } from './prune-floors.ts';

it('forgets old floors but the highest of each PBX, so that nothing below it is ever shown open again', async () => {
  await using database = await preparedDatabase();
  const apply = (...heard: ReturnType<typeof said>[]) =>
    database.run((transaction) => applyEvents(transaction, heard));
  await apply(
    said(1, 'link.disconnected', {}),
    said(5, 'link.disconnected', {}),
    said(9, 'link.disconnected', {}),
  );
  expect(await pruneFloors(database, 60_000)).toBe(0);
  expect(await pruneFloors(database, 0)).toBe(2);
  await apply(said(8, 'call.ringing', { call: 'late' }), said(10, 'call.ringing', { call: 'new' }));
  const calls = await database.run((transaction) =>
    transaction.query('select call_key, status from call order by call_key'),
  );
  expect(calls).toEqual([
    { call_key: 'late', status: 'ended' },
    { call_key: 'new', status: 'ringing' },
  ]);
});
