import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, said } from '../testing/index.ts';
import { applyEvents, type HeardEvent } from '../writes/apply-events.ts';
import { findDoubleBookings, settleDoubleBookings, type DoubleBooking } from './double-bookings.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() =>
  database.run((transaction) =>
    transaction.query('truncate call, pbx_floor, call_event, outbox, double_booking'),
  ),
);

const apply = (...heard: HeardEvent[]) => database.run((transaction) => applyEvents(transaction, heard));
const look = (askAgainMs = 60_000) =>
  database.run((transaction) => findDoubleBookings(transaction, { max: 10, askAgainMs }));
const settle = (due: readonly DoubleBooking[]) =>
  database.run((transaction) => settleDoubleBookings(transaction, due));
const told = (due: readonly DoubleBooking[]) =>
  due.map(({ extension, calls }) => [extension, calls.map(({ call }) => call)]);

const twoCalls = () =>
  apply(
    said(1, 'call.connected', { call: 'old', extensions: ['1001'] }),
    said(2, 'call.ringing', { call: 'new', extensions: ['1001', '1002'] }),
    said(3, 'call.ringing', { call: 'other', extensions: ['1003'] }),
    said(1, 'call.ringing', { call: 'elsewhere', extensions: ['1001'] }, { pbx: pbxIds[1] }),
  );

it('a phone in two open calls of its PBX is found with both calls, and by one at a time', async () => {
  await twoCalls();
  const looks = await Promise.all([look(), look(), look()]);
  expect(looks.flatMap(({ due }) => told(due))).toEqual([['1001', ['new', 'old']]]);
  expect(await look()).toEqual({ due: [], total: 1 });
});

it('what was claimed and never settled is due again', async () => {
  await twoCalls();
  expect((await look(0)).due).toHaveLength(1);
  expect((await look()).due).toHaveLength(1);
});

it('what the PBX has answered is not asked again before anything changes', async () => {
  await twoCalls();
  const { due } = await look(0);
  await settle(due);
  expect(await look(0)).toEqual({ due: [], total: 1 });
  await apply(said(4, 'call.held', { call: 'old', extensions: ['1001'] }));
  expect(told((await look(0)).due)).toEqual([['1001', ['new', 'old']]]);
});

it('an answer about what has changed meanwhile settles nothing', async () => {
  await twoCalls();
  const { due } = await look(0);
  await apply(said(4, 'call.held', { call: 'old', extensions: ['1001'] }));
  await look(0);
  await settle(due);
  expect((await look()).due).toHaveLength(1);
});

it('a double booking is over when one of the calls ends', async () => {
  await twoCalls();
  await look();
  await apply(said(4, 'call.ended', { call: 'old' }));
  expect(await look()).toEqual({ due: [], total: 0 });
});
