import type { Instant } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, said } from '../testing/index.ts';
import { applyEvents, type HeardEvent } from '../writes/apply-events.ts';
import { closeCalls, type Closing } from './close-calls.ts';
import { readOpenCalls } from './double-bookings.ts';
import { findSuspects } from './find-suspects.ts';
import { markVerified } from './mark-verified.ts';
import type { CallPlace, OpenCall } from './open-call.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() =>
  database.run((transaction) => transaction.query('truncate call, extension, pbx_floor, call_event, outbox')),
);

const apply = (...heard: HeardEvent[]) => database.run((transaction) => applyEvents(transaction, heard));
const rows = (statement: string) =>
  database.run((transaction) => transaction.query<Record<string, unknown>>(statement));
const calls = () => rows('select call_key, status, hangup_cause, word_rank from call order by 1');

const look = async (...keys: string[]): Promise<OpenCall[]> =>
  database.run((transaction) =>
    readOpenCalls(
      transaction,
      keys.map((call) => ({ pbx: pbxIds[0], call }) as CallPlace),
    ),
  );
const closings = (seen: readonly OpenCall[]): Closing[] =>
  seen.map((call) => ({ call, why: 'answered_too_long', liveness: 'gone' }));
const close = (seen: readonly OpenCall[]) =>
  database.run((transaction) => closeCalls(transaction, closings(seen)));
const keysOf = (list: readonly Closing[]) => list.map(({ call }) => String(call.call));

describe('ending stuck calls', () => {
  it('ends them all at once with cause, end and talk time, one audit row each and one message a tenant', async () => {
    await apply(
      said(1, 'call.connected', { call: 'b', extensions: ['1001'] }),
      said(2, 'call.ringing', { call: 'a' }),
      said(1, 'call.ringing', { call: 'c' }, { pbx: pbxIds[2] }),
    );
    const foreign = await database.run((transaction) =>
      readOpenCalls(transaction, [{ pbx: pbxIds[2], call: 'c' } as CallPlace]),
    );
    const { closed, overtaken, messages } = await close([...(await look('b', 'a')), ...foreign]);
    expect([keysOf(closed), overtaken]).toEqual([['a', 'b', 'c'], []]);
    expect(await calls()).toEqual(
      ['a', 'b', 'c'].map((call_key) => ({
        call_key,
        status: 'ended',
        hangup_cause: 'timeout_cleanup',
        word_rank: 1,
      })),
    );
    expect(
      await rows(
        `select call_key, talk_seconds > 1000 as talked, extensions from call where pbx_id = '${pbxIds[0]}' order by 1`,
      ),
    ).toEqual([
      { call_key: 'a', talked: false, extensions: [] },
      { call_key: 'b', talked: true, extensions: ['1001'] },
    ]);
    expect(await rows(`select subject, type from call_event where type like 'sweep%' order by 1`)).toEqual(
      ['a', 'b', 'c'].map((subject) => ({ subject, type: 'sweep.ended' })),
    );
    expect(messages.map(({ payload }) => Object.keys(JSON.parse(payload) as object))).toEqual([
      ['call_update'],
      ['call_update'],
    ]);
  });

  it('done twice does nothing the second time', async () => {
    await apply(said(1, 'call.connected', { call: 'a' }));
    const seen = await look('a');
    await close(seen);
    const again = await close(seen);
    expect([again.closed, keysOf(again.overtaken), again.messages]).toEqual([[], ['a'], []]);
    expect(
      await rows(`select count(*)::integer as count from call_event where type = 'sweep.ended'`),
    ).toEqual([{ count: 1 }]);
    expect(await rows('select revision from call')).toEqual([{ revision: 2 }]);
  });

  it('[STUCK4] does nothing to a call that spoke after it was looked at', async () => {
    await apply(said(1, 'call.ringing', { call: 'a' }));
    const seen = await look('a');
    await apply(said(2, 'call.connected', { call: 'a' }));
    expect(keysOf((await close(seen)).overtaken)).toEqual(['a']);
    expect(await calls()).toEqual([{ call_key: 'a', status: 'connected', hangup_cause: null, word_rank: 0 }]);
  });

  it('[STUCK4] loses to a later word that comes afterwards, and wins over what is repeated or late', async () => {
    await apply(said(3, 'call.connected', { call: 'a' }));
    await close(await look('a'));
    await apply(said(3, 'call.connected', { call: 'a' }), said(2, 'call.ringing', { call: 'a' }));
    expect((await calls())[0]).toMatchObject({ status: 'ended', hangup_cause: 'timeout_cleanup' });
    await apply(said(4, 'call.held', { call: 'a' }));
    expect((await calls())[0]).toMatchObject({ status: 'held', hangup_cause: null });
    await apply(said(5, 'call.ended', { call: 'a', cause: 'busy' }));
    expect((await calls())[0]).toMatchObject({ status: 'ended', hangup_cause: 'busy' });
  });

  it('leaves a call alone that a lost link has closed meanwhile', async () => {
    await apply(said(1, 'call.connected', { call: 'a' }));
    const seen = await look('a');
    await apply(said(2, 'link.disconnected', {}));
    expect(keysOf((await close(seen)).overtaken)).toEqual(['a']);
    expect((await calls())[0]).toMatchObject({ hangup_cause: 'pbx_disconnected', word_rank: 0 });
  });

  it('and a floor that is raised at the same moment never pass each other: one of them ends the call, for good', async () => {
    for (let round = 1; round <= 10; round += 1) {
      const key = `call ${round}`;
      await apply(said(round * 10, 'call.connected', { call: key }));
      const seen = await look(key);
      const [{ closed }] = await Promise.all([
        close(seen),
        apply(said(round * 10 + 1, 'link.disconnected', {})),
      ]);
      const [row] = await rows(`select hangup_cause as cause from call where call_key = '${key}'`);
      expect(row).toEqual({ cause: closed.length === 1 ? 'timeout_cleanup' : 'pbx_disconnected' });
    }
  });
});

it('[STUCK2] a call that was found alive is no suspect until a limit later, and its revision stays', async () => {
  await apply(said(1, 'call.connected', { call: 'a' }));
  const limits = { answeredMs: 60_000, unansweredMs: 60_000 };
  const suspects = (now?: Instant) =>
    database.run((transaction) => findSuspects(transaction, { limits, now }, { size: 10 }));
  const [found] = await suspects();
  expect(found?.why).toBe('answered_too_long');
  await database.run((transaction) => markVerified(transaction, found === undefined ? [] : [found]));
  expect(await suspects()).toEqual([]);
  const later = ((found?.seenAt ?? 0) + limits.answeredMs + 1) as Instant;
  expect(await suspects(later)).toHaveLength(1);
  expect(await rows('select revision from call')).toEqual([{ revision: 1 }]);
});
