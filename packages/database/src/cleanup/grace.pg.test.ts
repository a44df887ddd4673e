import { gather, standingOf, type LifecycleEvent, type LinkSnapshot, type PbxId } from '@trunkline/domain';
import { batchesOf, deliveriesOf, histories, pbxIds, read, stateOf } from '@trunkline/domain/testing';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, said, storedState, type State } from '../testing/index.ts';
import { applyEvents, type HeardEvent } from '../writes/apply-events.ts';
import { applyDueCleanups, findDueCleanups } from './apply-due-cleanups.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
const clear = (): Promise<unknown> =>
  database.run((transaction) =>
    transaction.query(
      'truncate call, extension, recording, pbx_floor, cleanup_run, call_event, outbox cascade',
    ),
  );
beforeEach(clear);

const graceMs = 3_600_000;
const apply = (...heard: HeardEvent[]) =>
  database.run((transaction) => applyEvents(transaction, heard, { graceMs }));
const rows = (statement: string) =>
  database.run((transaction) => transaction.query<Record<string, unknown>>(statement));

/** An hour later, as far as the runs know. */
const passGrace = () =>
  rows("update cleanup_run set due_at = now() - interval '1 second' where due_at is not null");

/** What every replica does now and then. */
async function cleanUpDue() {
  const done = [];
  for (const pbx of await findDueCleanups(database)) done.push(await applyDueCleanups(database, pbx));
  return done;
}

const lists = (seq: number, asOf: number, calls: string[], extensions: unknown[] | undefined = []) =>
  said(seq, 'link.snapshot', {
    asOf: { epoch: 1, seq: asOf },
    calls: calls.map((call) => ({ call, status: 'connected' })),
    ...(extensions && { extensions }),
  });

describe('with a grace period', () => {
  it('a lost link is told at once and cleaned up when the period is over, as of when it was lost', async () => {
    await apply(
      said(1, 'call.connected', { call: 'a' }),
      said(2, 'extension.changed', { extension: '1001', status: 'incall' }),
    );
    const { messages, cleanups } = await apply(said(3, 'link.disconnected', { reason: 'cut' }));
    expect(cleanups).toEqual([]);
    expect(JSON.parse(messages[0]?.payload ?? '')).toEqual({
      'pbx-disconnected': [expect.objectContaining({ reason: 'cut', cleanup: null, graceMs })],
      cleanup_run: [expect.objectContaining({ finishedAt: null, revision: 1 })],
    });
    expect(await cleanUpDue()).toEqual([]);
    expect(await rows('select status from call')).toEqual([{ status: 'connected' }]);

    await passGrace();
    const counts = { extensionsReset: 1, callsEnded: 1 };
    const [done] = await cleanUpDue();
    expect(done?.cleanups).toEqual([expect.objectContaining({ kind: 'disconnect', reason: 'cut', counts })]);
    expect(JSON.parse(done?.messages[0]?.payload ?? '')).toMatchObject({
      'pbx-disconnected': [{ cleanup: counts, graceMs: null, reason: 'cut' }],
      cleanup_run: [{ counts, spared: false, revision: 2 }],
      call_update: [{ call: 'a', status: 'ended', endedAt: '2026-01-01T00:00:03+00:00' }],
      extension_update: [{ extension: '1001', status: 'online' }],
    });
    expect(await cleanUpDue()).toEqual([]);
  });

  it('a snapshot of the reconnect spares what is still alive', async () => {
    await apply(said(1, 'call.connected', { call: 'a' }), said(2, 'call.connected', { call: 'b' }));
    await apply(said(3, 'link.disconnected', {}));
    await apply(said(4, 'link.connected', {}), lists(5, 4, ['a']));
    await passGrace();
    expect(await cleanUpDue()).toEqual([]);
    expect(
      await rows('select call_key, status, hangup_cause as cause, revision from call order by 1'),
    ).toEqual([
      { call_key: 'a', status: 'connected', cause: null, revision: 2 },
      { call_key: 'b', status: 'ended', cause: 'reconciled', revision: 2 },
    ]);
    expect(await rows(`select spared, counts from cleanup_run where kind = 'disconnect'`)).toEqual([
      { spared: true, counts: {} },
    ]);
  });

  it('so it does when it arrives before the disconnect that it knows of', async () => {
    await apply(said(1, 'call.connected', { call: 'a' }));
    await apply(lists(5, 4, ['a']));
    await apply(said(3, 'link.disconnected', {}));
    await passGrace();
    expect(await cleanUpDue()).toEqual([]);
    expect(await rows('select status from call')).toEqual([{ status: 'connected' }]);
    expect(await rows(`select spared from cleanup_run where kind = 'disconnect'`)).toEqual([
      { spared: true },
    ]);
  });

  it('one of the state before the disconnect spares nothing', async () => {
    await apply(said(1, 'call.connected', { call: 'a' }));
    await apply(said(3, 'link.disconnected', {}));
    await apply(lists(4, 2, ['a']));
    await passGrace();
    await cleanUpDue();
    expect(await rows('select status from call')).toEqual([{ status: 'ended' }]);
  });

  it('one that cannot list phones leaves them to the cleanup, which does not touch the calls it lists', async () => {
    await apply(
      said(1, 'call.connected', { call: 'a' }),
      said(2, 'extension.changed', { extension: '1001', status: 'ringing' }),
    );
    await apply(said(3, 'link.disconnected', {}));
    const listed = said(5, 'link.snapshot', {
      asOf: { epoch: 1, seq: 4 },
      calls: [{ call: 'a', status: 'connected' }],
    });
    await apply(listed);
    expect(await rows('select status from extension')).toEqual([{ status: 'ringing' }]);
    await passGrace();
    await cleanUpDue();
    expect(await rows('select status from extension')).toEqual([{ status: 'online' }]);
    expect(await rows('select status from call')).toEqual([{ status: 'connected' }]);
  });

  it('any number of replicas clean up once', async () => {
    await apply(said(1, 'call.connected', { call: 'a' }));
    await apply(said(3, 'link.disconnected', {}));
    await passGrace();
    const pbx = pbxIds[0] as PbxId;
    const done = await Promise.all(Array.from({ length: 4 }, () => applyDueCleanups(database, pbx)));
    expect(done.flatMap(({ cleanups }) => cleanups)).toHaveLength(1);
    expect(done.flatMap(({ messages }) => messages)).toHaveLength(1);
  });

  const delivered = histories({ pbxs: 2, wordsMax: 25 }).chain((history) =>
    deliveriesOf(history).chain((deliveries) =>
      fc.tuple(fc.constant(history), batchesOf(deliveries), fc.infiniteStream(fc.boolean())),
    ),
  );

  it('[FLOOR1] whatever the order: the state is that of the history without the disconnects that were spared', async () => {
    await fc.assert(
      fc
        .asyncProperty(delivered, async ([history, batches, overNow]) => {
          for (const batch of batches) {
            await apply(...batch.map((event) => ({ event: read(event), payload: '{}' })));
            if (overNow.next().value === true) await passGrace();
            if (overNow.next().value === true) await cleanUpDue();
          }
          await passGrace();
          await cleanUpDue();
          const spared = await rows('select pbx_id, version from cleanup_run where spared');
          const isSpared = ({ pbx, version }: LifecycleEvent): boolean =>
            spared.some((run) => run['pbx_id'] === pbx && run['version'] === String(version));
          const events = history.map(read);
          const counted = events.filter((event) => event.type !== 'link.disconnected' || !isSpared(event));
          expect(await database.run(storedState)).toEqual(expected(counted));
          for (const event of events.filter(isSpared)) expect(events.some(sparing(event))).toBe(true);
          expect(await rows('select from cleanup_run where finished_at is null')).toEqual([]);
        })
        .beforeEach(async () => void (await clear())),
      { numRuns: 100 },
    );
  }, 60_000);

  const sparing =
    (lost: LifecycleEvent) =>
    (event: LifecycleEvent): boolean =>
      event.type === 'link.snapshot' &&
      event.pbx === lost.pbx &&
      event.extensions !== undefined &&
      asOf(event) >= lost.version;
  const asOf = (event: LinkSnapshot): bigint => standingOf(event).asOf;

  function expected(events: readonly LifecycleEvent[]): State {
    const known = new Map(stateOf(gather(events)).map((state) => [String(state.pbx), state]));
    return pbxIds.map((pbx) => known.get(pbx) ?? { pbx, calls: [], extensions: [], recordings: [] }) as State;
  }
});
