import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, said } from '../testing/index.ts';
import { applyEvents } from '../writes/apply-events.ts';
import type { OutboxMessage } from './post-outbox.ts';
import { OutboxRelay } from './relay.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => database.run((transaction) => transaction.query('truncate call, call_event, outbox')));

let seq = 0;
const commit = async (call: string): Promise<readonly OutboxMessage[]> => {
  seq += 1;
  const event = said(seq, 'call.ringing', { call }, { pbx: pbxIds[0] });
  return (await database.run((transaction) => applyEvents(transaction, [event]))).messages;
};
const left = async () =>
  (await database.run((transaction) => transaction.query('select id from outbox'))).length;

it('what was committed is delivered and then deleted', async () => {
  const delivered: OutboxMessage[] = [];
  const relay = new OutboxRelay(database, async (messages) => void delivered.push(...messages));
  const messages = await commit('a');
  expect(await left()).toBe(1);
  await relay.relay(messages);
  expect(delivered).toEqual(messages);
  expect(await left()).toBe(0);
});

it('what could not be delivered stays, and a janitor delivers it later', async () => {
  const messages = await commit('b');
  const broken = new OutboxRelay(database, () => Promise.reject(new Error('the feed is away')));
  await expect(broken.relay(messages)).rejects.toThrow('the feed is away');
  await expect(broken.relayLeftovers(0)).rejects.toThrow('the feed is away');
  expect(await left()).toBe(1);

  const delivered: OutboxMessage[] = [];
  const relay = new OutboxRelay(database, async (leftovers) => void delivered.push(...leftovers));
  expect(await relay.relayLeftovers(60_000)).toBe(0);
  expect(await relay.relayLeftovers(0)).toBe(1);
  expect(delivered).toEqual(messages);
  expect(await left()).toBe(0);
});

it('a transaction that commits late is found though its id is lower than what was already relayed', async () => {
  const seen: string[] = [];
  const relay = new OutboxRelay(
    database,
    async (messages) => void seen.push(...messages.map(({ id }) => id)),
  );
  const lateId = await database.run(async (late) => {
    const { messages } = await applyEvents(late, [said(900, 'call.ringing', { call: 'late' })]);
    await commit('early');
    await relay.relayLeftovers(0);
    return messages[0]?.id;
  });
  await relay.relayLeftovers(0);
  expect(seen).toHaveLength(2);
  expect(seen[1]).toBe(lateId);
  expect(BigInt(seen[1] ?? 0)).toBeLessThan(BigInt(seen[0] ?? 0));
});

it('janitors share the work: each message is delivered by one of them', async () => {
  for (let index = 0; index < 30; index += 1) await commit(`call ${index}`);
  const seen: string[] = [];
  const relay = new OutboxRelay(
    database,
    async (messages) => void seen.push(...messages.map(({ id }) => id)),
  );
  await Promise.all(Array.from({ length: 4 }, () => relay.relayLeftovers(0)));
  expect(new Set(seen).size).toBe(30);
  expect(seen).toHaveLength(30);
});
