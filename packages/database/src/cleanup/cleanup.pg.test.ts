import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, said } from '../testing/index.ts';
import { applyEvents, type HeardEvent } from '../writes/apply-events.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() =>
  database.run((transaction) =>
    transaction.query(
      'truncate call, extension, recording, pbx_floor, cleanup_run, call_event, outbox cascade',
    ),
  ),
);

const apply = (...heard: HeardEvent[]) => database.run((transaction) => applyEvents(transaction, heard));
const rows = <Row = Record<string, unknown>>(statement: string) =>
  database.run((transaction) => transaction.query<Row>(statement));
const told = async (...heard: HeardEvent[]) =>
  (await apply(...heard)).messages.map(({ payload }) => JSON.parse(payload) as Record<string, unknown[]>);

const version = (seq: number): string => String(2n ** 40n + BigInt(seq));
const runs = () =>
  rows(`select kind, version, cause, reason, counts, spared, finished_at is not null as finished
        from cleanup_run order by version, kind`);

const engaged = ['ringing', 'incall', 'busy', 'online', 'offline'];

const phones = engaged.map((status, index) =>
  said(index + 1, 'extension.changed', { extension: `10${index}`, status }),
);
const calls = ['calling', 'ringing', 'connected', 'held', 'ended'].map((status, index) =>
  said(index + 11, `call.${status}`, { call: status }),
);

describe('a lost link', () => {
  it('is cleaned up in one transaction: phones, calls, floor, run, and one message that tells it all', async () => {
    await apply(...phones, ...calls);
    const [message, ...others] = await told(
      said(20, 'link.disconnected', { reason: 'the socket closed', cause: 'pbx_restarted' }),
    );
    expect(others).toEqual([]);
    const counts = { extensionsReset: 3, callsEnded: 4 };
    expect(message).toEqual({
      'pbx-disconnected': [
        {
          pbx: pbxIds[0],
          version: version(20),
          since: '2026-01-01T00:00:20.000Z',
          cause: 'pbx_restarted',
          reason: 'the socket closed',
          cleanup: counts,
          graceMs: null,
        },
      ],
      cleanup_run: [
        expect.objectContaining({
          pbx: pbxIds[0],
          kind: 'disconnect',
          version: version(20),
          counts,
          revision: 1,
        }),
      ],
      call_update: ['calling', 'connected', 'held', 'ringing'].map((call) =>
        expect.objectContaining({ call, status: 'ended', cause: 'pbx_restarted', revision: 2 }),
      ),
      extension_update: ['100', '101', '102'].map((extension) =>
        expect.objectContaining({ extension, status: 'online', revision: 2 }),
      ),
    });
    expect(await runs()).toEqual([
      {
        kind: 'disconnect',
        version: version(20),
        cause: 'pbx_restarted',
        reason: 'the socket closed',
        counts,
        spared: false,
        finished: true,
      },
    ]);
    expect(await rows('select number, status from extension order by number')).toEqual(
      ['online', 'online', 'online', 'online', 'offline'].map((status, index) => ({
        number: `10${index}`,
        status,
      })),
    );
    expect(await rows('select version from pbx_floor f, lateral (select f.said as version) v')).toEqual([
      { version: version(20) },
    ]);
  });

  it('that is told twice, in one batch or in two, is cleaned up, noted and told once', async () => {
    await apply(...phones, ...calls);
    const lost = said(20, 'link.disconnected', {});
    const { cleanups, messages } = await apply(lost, lost);
    expect(cleanups).toHaveLength(1);
    expect(messages).toHaveLength(1);
    const again = await apply(lost);
    expect(again.cleanups).toEqual([]);
    expect(again.messages).toEqual([]);
    expect(await runs()).toHaveLength(1);
    expect((await runs())[0]).toMatchObject({ counts: { extensionsReset: 3, callsEnded: 4 } });
  });

  it('told at once by several workers is still noted once, with what was really done', async () => {
    await apply(...phones, ...calls);
    const all = await Promise.all(Array.from({ length: 4 }, () => apply(said(20, 'link.disconnected', {}))));
    expect(all.flatMap(({ cleanups }) => cleanups.map(({ counts }) => counts))).toEqual([
      { extensionsReset: 3, callsEnded: 4 },
    ]);
    expect(await runs()).toHaveLength(1);
  });

  it('with nothing to clean up is noted all the same', async () => {
    await apply(said(20, 'link.disconnected', {}));
    expect(await runs()).toEqual([
      expect.objectContaining({ counts: { extensionsReset: 0, callsEnded: 0 } }),
    ]);
  });

  it('is counted as in order, though its words come in the same batch, before and after it', async () => {
    const { cleanups } = await apply(
      said(3, 'call.ringing', { call: 'after' }),
      said(2, 'link.disconnected', {}),
      said(1, 'call.connected', { call: 'before' }),
    );
    expect(cleanups.map(({ counts }) => counts)).toEqual([{ extensionsReset: 0, callsEnded: 1 }]);
    expect(await rows('select call_key, status from call order by 1')).toEqual([
      { call_key: 'after', status: 'ringing' },
      { call_key: 'before', status: 'ended' },
    ]);
  });
});

describe('a snapshot', () => {
  const lists = (seq: number, ...listed: string[]) =>
    said(seq, 'link.snapshot', {
      asOf: { epoch: 1, seq: seq - 1 },
      calls: listed.map((call) => ({ call, status: 'connected' })),
      extensions: [],
    });

  it('is noted with what it opened, reopened, ended and left alone', async () => {
    await apply(said(1, 'call.connected', { call: 'a' }), said(2, 'call.connected', { call: 'b' }));
    await apply(said(3, 'link.disconnected', {}));
    await apply(
      said(4, 'link.connected', {}),
      said(5, 'call.connected', { call: 'c' }),
      said(6, 'call.ringing', { call: 'd' }),
    );
    const { cleanups } = await apply(lists(7, 'a', 'c', 'new'));
    const counts = {
      callsListed: 3,
      callsOpened: 1,
      callsReopened: 1,
      callsUnchanged: 1,
      callsEnded: 1,
      extensionsListed: 0,
      extensionsSettled: 0,
    };
    expect(cleanups).toEqual([expect.objectContaining({ kind: 'reconcile', cause: 'reconciled', counts })]);
    expect((await runs()).at(-1)).toMatchObject({ kind: 'reconcile', cause: 'reconciled', counts });
    expect(await rows('select call_key, status, hangup_cause from call order by 1')).toEqual([
      { call_key: 'a', status: 'connected', hangup_cause: null },
      { call_key: 'b', status: 'ended', hangup_cause: 'pbx_disconnected' },
      { call_key: 'c', status: 'connected', hangup_cause: null },
      { call_key: 'd', status: 'ended', hangup_cause: 'reconciled' },
      { call_key: 'new', status: 'connected', hangup_cause: null },
    ]);
  });

  it('that comes twice reopens, counts and tells once', async () => {
    await apply(said(1, 'call.connected', { call: 'a' }), said(2, 'link.disconnected', {}));
    await apply(lists(4, 'a'));
    const again = await apply(lists(4, 'a'));
    expect(again.cleanups).toEqual([]);
    expect(again.messages).toEqual([]);
    expect((await runs()).at(-1)).toMatchObject({ counts: { callsReopened: 1 } });
  });

  it('in one batch with the disconnect before it is counted as if each had come alone', async () => {
    await apply(said(1, 'call.connected', { call: 'a' }), said(2, 'call.connected', { call: 'b' }));
    const { cleanups } = await apply(
      said(3, 'link.disconnected', {}),
      said(4, 'link.connected', {}),
      lists(5, 'a'),
    );
    expect(cleanups.map(({ kind, counts }) => ({ kind, ...counts }))).toEqual([
      { kind: 'disconnect', extensionsReset: 0, callsEnded: 2 },
      expect.objectContaining({ kind: 'reconcile', callsReopened: 1, callsEnded: 0, callsUnchanged: 0 }),
    ]);
  });
});
