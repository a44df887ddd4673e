import { tenantId } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, said, tenantIds } from '../testing/index.ts';
import { applyEvents, type HeardEvent } from '../writes/apply-events.ts';
import { readShown } from './shown-rows.ts';

const [one, other] = [tenantId(tenantIds[0]), tenantId(tenantIds[1])];

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

type Row = Readonly<Record<string, unknown>>;

/** The last row of each thing that messages told. */
async function told(...heard: HeardEvent[]): Promise<Record<string, Row[]>> {
  const { messages } = await database.run((tx) => applyEvents(tx, heard));
  const rows: Record<string, Row[]> = {};
  for (const { payload } of messages) {
    for (const [type, some] of Object.entries(JSON.parse(payload) as Record<string, Row[]>))
      (rows[type] ??= []).push(...some);
  }
  return rows;
}

it('what is read for a snapshot is what messages tell, field by field, and nothing of other tenants', async () => {
  const of = { pbx: pbxIds[0] };
  const heard = await told(
    said(1, 'call.connected', { call: 'a', extensions: ['1001'], caller: { number: '0301234567' } }, of),
    said(2, 'call.ringing', { call: 'b', extensions: ['1002'] }, of),
    said(3, 'call.ended', { call: 'c', extensions: ['1001'], cause: 'normal' }, of),
    said(4, 'extension.changed', { extension: '1001', status: 'incall' }, of),
    said(1, 'call.ringing', { call: 'd', extensions: ['1001'] }, { pbx: pbxIds[2] }),
    said(5, 'link.disconnected', {}, { pbx: pbxIds[1] }),
  );
  const open = heard['new_call']?.filter(({ pbx, status }) => pbx === pbxIds[0] && status !== 'ended') ?? [];
  const read = <Result>(
    tenant: typeof one,
    work: (tx: Parameters<typeof readShown.calls>[0]) => Promise<Result>,
  ) => database.forTenant(tenant, (_em, tx) => work(tx));
  const byCall = (rows: readonly Row[]) =>
    rows.toSorted((a, b) => String(a['call']).localeCompare(String(b['call'])));

  expect(byCall(await read(one, (tx) => readShown.calls(tx)))).toEqual(byCall(open));
  expect((await read(one, (tx) => readShown.calls(tx, '1001'))).map((row) => row['call'])).toEqual(['a']);
  expect((await read(other, (tx) => readShown.calls(tx))).map((row) => row['call'])).toEqual(['d']);
  expect(await read(one, (tx) => readShown.extensions(tx))).toEqual(heard['extension_update']);
  expect(await read(other, (tx) => readShown.extensions(tx))).toEqual([]);
  expect(await read(one, (tx) => readShown.cleanupRuns(tx, 100))).toEqual(heard['cleanup_run']);
  expect(await read(one, (tx) => readShown.cleanupRuns(tx, 0))).toEqual([]);
});

it('links come with the name of their PBX, and say whether anybody holds them', async () => {
  const links = await database.forTenant(other, (_em, tx) => readShown.links(tx));
  expect(links).toMatchObject([
    { pbx: pbxIds[2], name: 'pbx 3', vendor: 'test', enabled: true, held: false, state: 'idle', revision: 1 },
  ]);
  expect(links[0]).not.toHaveProperty('address');
});
