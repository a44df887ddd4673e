import { pbxId } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { takeSnapshotWish, wantSnapshot } from '../links/snapshot-wishes.ts';
import { preparedDatabase, said, tenantIds } from '../testing/index.ts';
import { applyEvents, type HeardEvent } from './apply-events.ts';

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
const rows = (statement: string) =>
  database.run((transaction) => transaction.query<Record<string, unknown>>(statement));

describe('one transaction carries state, audit and outbox', () => {
  it('one audit row for each event, word for word', async () => {
    const ringing = said(1, 'call.ringing', { call: 'c', note: 'kept though nobody reads it yet' });
    await apply(
      { ...ringing, traceparent: '00-aa-bb-01' },
      said(2, 'extension.changed', { extension: '1001', status: 'ringing' }),
    );
    expect(await rows('select subject, type, payload, traceparent from call_event order by version')).toEqual(
      [
        { subject: 'c', type: 'call.ringing', payload: ringing.payload, traceparent: '00-aa-bb-01' },
        { subject: '1001', type: 'extension.changed', payload: expect.any(String), traceparent: null },
      ],
    );
  });

  it('an event that slips through twice has one audit row all the same', async () => {
    await apply(said(1, 'call.ringing', { call: 'c' }));
    await apply(said(1, 'call.ringing', { call: 'c' }), said(2, 'call.connected', { call: 'c' }));
    expect(await rows('select version - (1::bigint << 40) as seq from call_event order by 1')).toEqual([
      { seq: '1' },
      { seq: '2' },
    ]);
    expect(await rows('select status from call')).toEqual([{ status: 'connected' }]);
  });

  it('one outbox row for each tenant, with the new states and their revisions', async () => {
    const { messages } = await apply(
      said(1, 'call.ringing', {
        call: 'c',
        caller: { number: '+49', name: 'Ada "A"' },
        extensions: ['1001'],
      }),
      said(2, 'extension.changed', { extension: '1001', status: 'ringing', name: 'Desk' }),
      said(1, 'recording.ready', { recording: 'r.wav', call: 'x' }, { pbx: pbxIds[2] }),
    );
    const stored = await rows('select id, tenant_id as tenant, payload from outbox order by id');
    expect(messages.map(({ id }) => id).sort()).toEqual(stored.map(({ id }) => id));
    const payloads = new Map(
      messages.map(({ tenant, payload }) => [tenant as string, JSON.parse(payload) as unknown]),
    );
    expect(payloads.get(tenantIds[0])).toEqual({
      new_call: [
        expect.objectContaining({
          call: 'c',
          status: 'ringing',
          callerName: 'Ada "A"',
          extensions: ['1001'],
          revision: 1,
        }),
      ],
      extension_update: [
        expect.objectContaining({ extension: '1001', status: 'ringing', name: 'Desk', revision: 1 }),
      ],
    });
    expect(payloads.get(tenantIds[1])).toEqual({
      new_recording: [expect.objectContaining({ recording: 'r.wav' })],
    });
  });

  it('events of a PBX that nobody has added are handed back, and their neighbours are applied', async () => {
    const stranger = said(1, 'call.ringing', { call: 's' }, { pbx: '99999999-0000-4000-8000-000000000000' });
    const { strangers } = await apply(said(1, 'call.ringing', { call: 'c' }), stranger);
    expect(strangers).toEqual([stranger]);
    expect(await rows('select call_key from call')).toEqual([{ call_key: 'c' }]);
    expect(await rows('select subject from call_event')).toEqual([{ subject: 'c' }]);
  });

  it('nothing of a batch that fails is left behind', async () => {
    const failing = database.run(async (transaction) => {
      await applyEvents(transaction, [said(1, 'call.ringing', { call: 'c' })]);
      await transaction.query('select 1 / 0');
    });
    await expect(failing).rejects.toThrow('division by zero');
    for (const table of ['call', 'call_event', 'outbox'])
      expect(await rows(`select from ${table}`)).toEqual([]);
  });

  it('revisions count what changed, so that a client keeps the newest', async () => {
    await apply(said(1, 'call.ringing', { call: 'c' }));
    await apply(said(1, 'call.ringing', { call: 'c' }));
    await apply(said(2, 'call.connected', { call: 'c' }));
    await apply(said(3, 'link.disconnected', {}));
    expect(await rows('select status, hangup_cause, revision from call')).toEqual([
      { status: 'ended', hangup_cause: 'pbx_disconnected', revision: 3 },
    ]);
  });
});

describe('a snapshot', () => {
  it('never closes what it lists, not even for a moment, and tells of what it closes and reopens', async () => {
    await apply(said(1, 'call.connected', { call: 'kept' }), said(2, 'call.connected', { call: 'gone' }));
    await apply(said(3, 'link.disconnected', {}));
    const calls = [{ call: 'kept', status: 'connected' }];
    const applied = await apply(
      said(5, 'link.snapshot', { asOf: { epoch: 1, seq: 3 }, calls, extensions: [] }),
    );
    expect(applied.calls.map(({ count }) => count)).toEqual([1]);
    expect(applied.closedCalls).toEqual([]);
    expect(await rows('select call_key, status, revision from call order by 1')).toEqual([
      { call_key: 'gone', status: 'ended', revision: 2 },
      { call_key: 'kept', status: 'connected', revision: 3 },
    ]);
  });
});

describe('locks', () => {
  it('neither a batch nor a floor waits for a lease being renewed, nor the other way round', async () => {
    const renew = `update pbx_link set lease_owner = 'a', lease_expires_at = now() where pbx_id = $1`;
    await database.run(async (leaseholder) => {
      await leaseholder.query(renew, [pbxIds[0]]);
      await apply(said(1, 'call.ringing', { call: 'c' }));
      await apply(said(2, 'link.disconnected', {}));
    });
    await database.run(async (worker) => {
      await wantSnapshot(worker, [pbxIds[0]], 'gap');
      await applyEvents(worker, [said(3, 'call.connected', { call: 'c' }), said(4, 'link.disconnected', {})]);
      await database.run((leaseholder) => leaseholder.query(renew, [pbxIds[0]]));
      expect(await database.run((leaseholder) => takeSnapshotWish(leaseholder, pbxId(pbxIds[0])))).toBeNull();
    });
    expect(await database.run((leaseholder) => takeSnapshotWish(leaseholder, pbxId(pbxIds[0])))).toBe('gap');
  });

  it('a floor and a late word of the same PBX never pass each other unseen', async () => {
    await apply(said(1, 'call.ringing', { call: 'c' }));
    let floor: Promise<unknown> = Promise.resolve();
    await database.run(async (worker) => {
      await applyEvents(worker, [said(2, 'call.connected', { call: 'late' })]);
      floor = apply(said(3, 'link.disconnected', {}));
      await waitUntilSomebodyWaits();
    });
    await floor;
    expect(await rows(`select call_key from call where status <> 'ended'`)).toEqual([]);
  });

  async function waitUntilSomebodyWaits(): Promise<void> {
    for (;;) {
      const waiting = await rows(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (waiting.length > 0) return;
    }
  }
});
