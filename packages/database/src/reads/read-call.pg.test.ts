import { callKey, pbxId, tenantId } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { closeCalls, readOpenCalls, storeRunCalls } from '../stuck-calls/index.ts';
import { preparedDatabase, said, tenantIds } from '../testing/index.ts';
import { applyEvents, type HeardEvent } from '../writes/apply-events.ts';
import { listCleanupRuns, readCleanupRun } from './cleanup-runs.ts';
import { countUnanswered } from './count-unanswered.ts';
import { findCalls, readCall } from './read-call.ts';
import { ReadError } from './read-error.ts';

const [one, other] = [tenantId(tenantIds[0]), tenantId(tenantIds[1])];
const head = pbxId(pbxIds[0]);
const call = callKey('a');
const sweep = '20000000-0000-4000-8000-000000000001';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() =>
  database.run((tx) =>
    tx.query('truncate call, extension, recording, pbx_floor, call_event, cleanup_run, outbox cascade'),
  ),
);

const hear = async (...heard: HeardEvent[]): Promise<void> => {
  for (const each of heard) await database.run((tx) => applyEvents(tx, [each]));
};
const read = async () => {
  const found = await database.run((tx) => readCall(tx, { pbx: head, call }));
  if (found === null) throw new Error('the call is not there');
  return found;
};
const done = async () => (await read()).cleanups.map(({ kind, outcome, why }) => [kind, outcome, why]);
const lost = (seq: number) => said(seq, 'link.disconnected', { reason: 'the socket closed' });
const listed = (seq: number, calls: readonly object[]) =>
  said(seq, 'link.snapshot', { asOf: { epoch: 1, seq: seq - 1 }, calls });

async function sweepIt(): Promise<void> {
  await database.run(async (tx) => {
    const [open] = await readOpenCalls(tx, [{ pbx: head, call }]);
    if (open === undefined) throw new Error('the call is not open');
    await closeCalls(tx, [{ call: open, why: 'answered_too_long', liveness: 'gone' }]);
    await storeRunCalls(tx, { sweep, reason: 'asked for' }, [
      {
        tenant: one,
        pbx: head,
        call,
        why: 'answered_too_long',
        liveness: 'gone',
        outcome: 'ended',
        detail: null,
      },
    ]);
  });
}

describe('a call in detail', () => {
  it('shows all that was said of it, in order, and its recordings', async () => {
    await hear(
      said(3, 'call.ended', { call: 'a', cause: 'normal' }),
      said(1, 'call.ringing', { call: 'a', extensions: ['1001'] }),
      said(2, 'call.connected', { call: 'a', extensions: ['1001'] }),
      said(4, 'recording.ready', { recording: 'a.wav', call: 'a', durationSeconds: 7 }),
      said(5, 'call.ringing', { call: 'b' }),
    );
    const detail = await read();
    expect(detail).toMatchObject({ call: 'a', status: 'ended', cause: 'normal', pbxName: 'pbx 1' });
    expect(detail.trail.map(({ type }) => type)).toEqual(['call.ringing', 'call.connected', 'call.ended']);
    expect(detail.trail[0]?.payload).toMatchObject({ call: 'a', extensions: ['1001'] });
    expect(detail.recordings).toEqual([
      { recording: 'a.wav', readyAt: expect.any(Date) as Date, durationSeconds: 7 },
    ]);
    expect(detail).toMatchObject({ cleanups: [], moreTrail: false });
  });

  it('names the lost link that ended it', async () => {
    await hear(said(1, 'call.ringing', { call: 'a' }), lost(2), lost(3));
    expect(await done()).toEqual([['disconnect', 'ended', 'pbx_disconnected']]);
  });

  it('names a lost link that ended it also after it has spoken again', async () => {
    await hear(
      said(1, 'call.connected', { call: 'a' }),
      lost(2),
      said(3, 'call.held', { call: 'a' }),
      said(4, 'call.ended', { call: 'a', cause: 'busy' }),
      lost(5),
    );
    expect(await done()).toEqual([['disconnect', 'ended', 'pbx_disconnected']]);
  });

  it('names the snapshot that ended it, and not those that listed it', async () => {
    await hear(
      said(1, 'call.ringing', { call: 'a' }),
      listed(2, [{ call: 'a', status: 'ringing' }]),
      listed(3, []),
      listed(4, []),
    );
    expect(await done()).toEqual([['reconcile', 'ended', 'reconciled']]);
  });

  it('names the sweep that ended it, with what the PBX said', async () => {
    await hear(said(1, 'call.connected', { call: 'a' }));
    await sweepIt();
    expect(await done()).toEqual([['sweep', 'ended', 'answered_too_long']]);
    expect((await read()).trail.map(({ type }) => type)).toEqual(['call.connected', 'sweep.ended']);
  });

  it('is seen by its own tenant only', async () => {
    await hear(said(1, 'call.ringing', { call: 'a' }), lost(2));
    const seenBy = (tenant: typeof one) =>
      database.forTenant(tenant, (_em, tx) => readCall(tx, { pbx: head, call }));
    expect(await seenBy(one)).toEqual(await read());
    expect(await seenBy(other)).toBeNull();
  });

  it('is found by its own name, which several PBXs may use', async () => {
    await hear(
      said(1, 'call.ringing', { call: 'a' }),
      said(1, 'call.ringing', { call: 'a' }, { pbx: pbxIds[2] }),
    );
    const found = await database.run((tx) => findCalls(tx, 'a'));
    expect(found.map(({ pbxName }) => pbxName)).toEqual(['pbx 1', 'pbx 3']);
    expect(await database.run((tx) => findCalls(tx, 'a', { tenant: one }))).toHaveLength(1);
    expect(await database.run((tx) => findCalls(tx, 'b'))).toEqual([]);
  });
});

describe('cleanup runs', () => {
  beforeEach(async () => {
    await hear(said(1, 'call.ringing', { call: 'a' }), said(2, 'call.ringing', { call: 'b' }), lost(3));
    await hear(said(1, 'call.ringing', { call: 'c' }, { pbx: pbxIds[2] }));
    await hear(said(4, 'call.ringing', { call: 'a' }), listed(5, [{ call: 'a', status: 'ringing' }]));
    await sweepIt();
  });
  const runs = (
    ...given: Parameters<typeof listCleanupRuns> extends [unknown, ...infer Rest] ? Rest : never
  ) => database.run((tx) => listCleanupRuns(tx, ...given));

  it('are paged newest first, each once', async () => {
    const { items, next } = await runs();
    expect(items.map(({ kind }) => kind)).toEqual(['sweep', 'reconcile', 'disconnect']);
    expect(items[2]).toMatchObject({
      pbxName: 'pbx 1',
      cause: 'pbx_disconnected',
      reason: 'the socket closed',
    });
    expect(next).toBeNull();
    const first = await runs({}, { limit: 2 });
    const second = await runs({}, { limit: 2, after: first.next ?? '' });
    expect([...first.items, ...second.items]).toEqual(items);
    await expect(runs({}, { after: 'x' })).rejects.toThrow(ReadError);
  });

  it('are filtered, and walled in', async () => {
    const kinds = async (filter: Parameters<typeof runs>[0]) =>
      (await runs(filter)).items.map(({ kind }) => kind);
    expect(await kinds({ kind: 'reconcile' })).toEqual(['reconcile']);
    expect(await kinds({ pbx: head })).toEqual(['reconcile', 'disconnect']);
    expect(await kinds({ tenant: other })).toEqual([]);
    expect((await database.forTenant(other, (_em, tx) => listCleanupRuns(tx))).items).toEqual([]);
  });

  it('tell in detail what became of which call', async () => {
    const { items } = await runs();
    const details = await database.run((tx) => Promise.all(items.map(({ id }) => readCleanupRun(tx, id))));
    const calls = details.map((detail) => detail?.calls.map((each) => [each.call, each.outcome, each.why]));
    expect(calls).toEqual([
      [['a', 'ended', 'answered_too_long']],
      [],
      // The other call has spoken again since, so that it is not ended by this run any more.
      [['b', 'ended', 'pbx_disconnected']],
    ]);
    expect(await database.run((tx) => readCleanupRun(tx, 'unknown'))).toBeNull();
  });
});

it('counts how often in a row nobody could say whether a call is up', async () => {
  const places = [
    { pbx: head, call },
    { pbx: head, call: callKey('b') },
  ];
  const sweepOf = (number: number) => `20000000-0000-4000-8000-00000000001${number}`;
  for (const [number, liveness] of (['unknown', 'alive', 'unknown', 'unknown'] as const).entries()) {
    const swept = {
      tenant: one,
      pbx: head,
      call,
      why: 'answered_too_long',
      liveness,
      outcome: liveness,
      detail: null,
    } as const;
    await database.run((tx) => storeRunCalls(tx, { sweep: sweepOf(number), reason: 'asked for' }, [swept]));
  }
  expect(await database.run((tx) => countUnanswered(tx, places))).toEqual([2, 0]);
  expect(await database.run((tx) => countUnanswered(tx, []))).toEqual([]);
});
