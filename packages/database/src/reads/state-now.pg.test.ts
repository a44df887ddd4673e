import { pbxId, tenantId } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, said, tenantIds } from '../testing/index.ts';
import { applyEvents, type HeardEvent } from '../writes/apply-events.ts';
import { readCallStats } from './call-stats.ts';
import { listExtensions } from './list-extensions.ts';
import { listLinks } from './list-links.ts';
import { listPbxActivity } from './pbx-activity.ts';
import { listDeadLetters, readDeadLetter } from './dead-letters.ts';
import { readBacklogs } from './read-backlogs.ts';
import { storeCall, type StoredCall } from './testing/stored-calls.ts';

const [one, other] = [tenantId(tenantIds[0]), tenantId(tenantIds[1])];
const head = pbxId(pbxIds[0]);
const foreign = pbxId(pbxIds[2]);
const letter = '30000000-0000-4000-8000-000000000001';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() =>
  database.run((tx) =>
    tx.query(
      'truncate call, extension, pbx_floor, call_event, cleanup_run, outbox, dead_letter, stream_offset, snapshot_wish cascade',
    ),
  ),
);

const hear = (...heard: HeardEvent[]) => database.run((tx) => applyEvents(tx, heard));
const phone = (seq: number, extension: string, status: string, pbx: string = pbxIds[0]) =>
  said(seq, 'extension.changed', { extension, status }, { pbx });
const store = (call: Partial<StoredCall>) =>
  database.run((tx) => storeCall(tx, { tenant: one, pbx: head, call: 'call', startedAgo: 60, ...call }));

describe('phones', () => {
  it('are paged by PBX and number, with the open calls in which they take part', async () => {
    await hear(
      phone(1, '1001', 'incall'),
      phone(2, '1002', 'offline'),
      phone(1, '1001', 'online', pbxIds[2]),
      said(3, 'call.connected', { call: 'a', extensions: ['1001'] }),
      said(4, 'call.ringing', { call: 'b', extensions: ['1001'] }),
      said(5, 'call.ended', { call: 'c', extensions: ['1002'], cause: 'normal' }),
    );
    const whole = await database.run((tx) => listExtensions(tx));
    expect(
      whole.items.map(({ pbxName, number, status, openCalls }) => [pbxName, number, status, openCalls]),
    ).toEqual([
      ['pbx 1', '1001', 'incall', ['a', 'b']],
      ['pbx 1', '1002', 'offline', []],
      ['pbx 3', '1001', 'online', []],
    ]);
    const first = await database.run((tx) => listExtensions(tx, {}, { limit: 2 }));
    const second = await database.run((tx) => listExtensions(tx, {}, { limit: 2, after: first.next ?? '' }));
    expect([...first.items, ...second.items]).toEqual(whole.items);

    const numbers = async (filter: Parameters<typeof listExtensions>[1]) =>
      (await database.forTenant(one, (_em, tx) => listExtensions(tx, filter))).items.map(
        ({ number }) => number,
      );
    expect(await numbers({})).toEqual(['1001', '1002']);
    expect(await numbers({ status: ['offline'] })).toEqual(['1002']);
    expect(await numbers({ pbx: foreign })).toEqual([]);
    expect(await numbers({ number: '1001', pbx: head })).toEqual(['1001']);
  });
});

describe('what goes on at a PBX', () => {
  it('is nothing at all after a lost link was cleaned up after', async () => {
    await hear(
      phone(1, '1001', 'ringing'),
      phone(2, '1002', 'busy'),
      phone(3, '1003', 'offline'),
      said(4, 'call.connected', { call: 'a' }),
      said(1, 'call.ringing', { call: 'b' }, { pbx: pbxIds[2] }),
    );
    const counts = async () =>
      (await database.run((tx) => listPbxActivity(tx))).map(({ name, engagedExtensions, openCalls }) => [
        name,
        engagedExtensions,
        openCalls,
      ]);
    expect(await counts()).toEqual([
      ['pbx 1', 2, 1],
      ['pbx 2', 0, 0],
      ['pbx 3', 0, 1],
    ]);
    await hear(said(5, 'link.disconnected', { reason: 'the socket closed' }));
    expect(await counts()).toEqual([
      ['pbx 1', 0, 0],
      ['pbx 2', 0, 0],
      ['pbx 3', 0, 1],
    ]);
    const seen = await database.forTenant(other, (_em, tx) => listPbxActivity(tx));
    expect(seen).toMatchObject([{ pbx: foreign, openCalls: 1, linkOpen: false }]);
  });
});

describe('links', () => {
  it('are shown to their tenant, with whether anybody holds them', async () => {
    await database.run((tx) =>
      tx.query(
        `update pbx_link set state = 'live', open = true, warnings = '{"old firmware"}', lease_owner = 'a',
           lease_expires_at = now() + interval '1 hour' where pbx_id = $1`,
        [head],
      ),
    );
    const own = await database.forTenant(one, (_em, tx) => listLinks(tx));
    expect(own).toMatchObject([
      { pbx: head, name: 'pbx 1', state: 'live', open: true, held: true, warnings: ['old firmware'] },
      { name: 'pbx 2', state: 'idle', open: false, held: false, nextAttemptAt: null },
    ]);
    expect(await database.run((tx) => listLinks(tx, { tenant: one }))).toEqual(own);
    expect(await database.run((tx) => listLinks(tx, { pbx: foreign }))).toMatchObject([{ name: 'pbx 3' }]);
  });
});

describe('statistics of calls', () => {
  beforeEach(async () => {
    await store({
      call: 'talks',
      status: 'connected',
      answeredAgo: 3_000,
      startedAgo: 3_100,
      extensions: ['1001'],
    });
    await store({ call: 'rings', status: 'ringing', startedAgo: 5_000, extensions: ['1001', '1002'] });
    await store({ call: 'fine', status: 'connected', answeredAgo: 50, startedAgo: 9_000 });
    await store({ call: 'ended', startedAgo: 100 });
    await store({ call: 'busy', startedAgo: 100, cause: 'busy' });
    await store({ call: 'old', startedAgo: 200_000 });
    await store({ call: 'foreign', tenant: other, pbx: foreign, status: 'held', startedAgo: 100 });
  });

  it('count by state and cause, and show what is stuck, the oldest first', async () => {
    const stats = await database.run((tx) => readCallStats(tx));
    expect(stats.byStatus).toEqual({ connected: 2, ringing: 1, held: 1, ended: 2 });
    expect(stats.byCause).toEqual({ normal: 1, busy: 1 });
    expect(stats.stuck.map(({ call, why }) => [call, why])).toEqual([
      ['rings', 'unanswered_too_long'],
      ['talks', 'answered_too_long'],
    ]);
    expect(stats.stuckTotal).toBe(2);
    expect(Math.round((stats.stuck[1]?.ageMs ?? 0) / 100_000)).toBe(30);
    expect(stats.doubleBooked).toEqual([{ pbx: head, number: '1001', calls: ['rings', 'talks'] }]);
  });

  it('are of one tenant or PBX where asked, and behind the wall', async () => {
    const own = await database.forTenant(other, (_em, tx) => readCallStats(tx));
    expect(own).toMatchObject({ byStatus: { held: 1 }, byCause: {}, stuck: [], doubleBooked: [] });
    expect(await database.run((tx) => readCallStats(tx, { tenant: other }))).toEqual(own);
    expect((await database.run((tx) => readCallStats(tx, { pbx: foreign }))).byStatus).toEqual({ held: 1 });
  });
});

describe('backlogs', () => {
  it('tell what waits, and what nobody could do', async () => {
    expect(await database.run(readBacklogs)).toMatchObject({
      outbox: { messages: 0, oldestMs: null },
      groups: [],
    });
    await database.run(async (tx) => {
      await tx.query(
        `insert into dead_letter (id, group_name, shard, entry_id, payload, error, attempts)
         values ($1, 'link', 0, '1-0', '{}', 'broken', 1)`,
        [letter],
      );
      await tx.query(
        `insert into stream_offset (group_name, shard) values ('lifecycle', 0), ('lifecycle', 1)`,
      );
      await tx.query(
        `insert into outbox (tenant_id, payload, created_at) values ($1, '{}', now() - interval '90 seconds')`,
        [one],
      );
    });
    const backlogs = await database.run(readBacklogs);
    expect(backlogs).toMatchObject({
      outbox: { messages: 1 },
      groups: [
        { group: 'lifecycle', readsStreams: true, parked: 0, oldestParkedAt: null },
        { group: 'link', readsStreams: false, parked: 1, oldestParkedAt: expect.any(Date) as Date },
      ],
      snapshotWishes: 0,
      connectors: 0,
    });
    expect(backlogs.outbox.oldestMs).toBeGreaterThanOrEqual(90_000);
  });
});

describe('dead letters', () => {
  beforeEach(() =>
    database.run((tx) =>
      // One moment for all of them, as when a batch sets several aside.
      tx.query(
        `insert into dead_letter (id, group_name, shard, entry_id, source, payload, error, attempts, state)
         select ('30000000-0000-4000-8000-00000000000' || n)::uuid, case when n = 1 then 'link' else 'lifecycle' end, 0,
           n || '-0', case when n < 3 then $1 else 'nobody' end, '{"n":' || n || '}', 'broken', 1,
           case when n = 4 then 'dropped' else 'parked' end
         from generate_series(1, 4) n`,
        [head],
      ),
    ),
  );

  it('are paged newest first over all groups, each once', async () => {
    const whole = await database.run((tx) => listDeadLetters(tx));
    expect(whole.items.map(({ entryId }) => entryId)).toEqual(['4-0', '3-0', '2-0', '1-0']);
    expect(whole.items[3]).toMatchObject({ group: 'link', pbxName: 'pbx 1', state: 'parked', seq: null });
    const first = await database.run((tx) => listDeadLetters(tx, {}, { limit: 3 }));
    const second = await database.run((tx) => listDeadLetters(tx, {}, { limit: 3, after: first.next ?? '' }));
    expect([...first.items, ...second.items]).toEqual(whole.items);
  });

  it.each([
    [{ group: 'link' }, ['1-0']],
    [{ source: head }, ['2-0', '1-0']],
    [{ state: 'dropped' }, ['4-0']],
    [{ group: 'link', state: 'replayed' }, []],
  ] as const)('are filtered by %j', async (filter, expected) => {
    const { items } = await database.run((tx) => listDeadLetters(tx, filter));
    expect(items.map(({ entryId }) => entryId)).toEqual(expected);
  });

  it('are shown with what could not be digested', async () => {
    expect(await database.run((tx) => readDeadLetter(tx, letter))).toMatchObject({
      payload: '{"n":1}',
      shard: 0,
    });
    expect(await database.run((tx) => readDeadLetter(tx, 'no such letter'))).toBeNull();
  });
});
