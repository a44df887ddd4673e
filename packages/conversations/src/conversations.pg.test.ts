import { OutboxRelay, type Database, type OutboxMessage } from '@trunkline/database';
import { preparedDatabase, tenantIds } from '@trunkline/database/testing';
import { tenantId } from '@trunkline/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addMessage, readNewestMessages, tellConversation, type NewMessage } from './index.ts';

const [one, other] = [tenantId(tenantIds[0]), tenantId(tenantIds[1])];

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

let made = 0;
const message = (wishes: Partial<NewMessage> = {}): NewMessage => {
  made += 1;
  return {
    tenant: one,
    conversation: 'c',
    owner: null,
    author: 'ada',
    id: `m${made}`,
    text: `text ${made}`,
    ...wishes,
  };
};
const add = (wishes: Partial<NewMessage> = {}) =>
  database.run((transaction) => addMessage(transaction, message(wishes)));
const read = (tenant = one, conversation = 'c', newest = 100) =>
  database.forTenant(tenant, (_em, transaction) => readNewestMessages(transaction, conversation, newest));
const rowsIn = (messages: readonly OutboxMessage[]) =>
  messages.flatMap(
    ({ payload }) => (JSON.parse(payload) as { chat_message: { number: number }[] }).chat_message,
  );

it('whoever writes at once, and however often the same comes, each message has a place of its own, without a gap', async () => {
  const wanted = Array.from({ length: 12 }, (_, index) =>
    message({ conversation: 'crowd', author: index % 2 === 0 ? 'ada' : 'bob', id: `m${index >> 1}` }),
  );
  const writers = [...wanted, ...wanted.toReversed()].map((each) =>
    database.run((transaction) => addMessage(transaction, each)),
  );
  const outcomes = await Promise.all(writers);
  expect(outcomes.filter(({ outcome }) => outcome === 'added')).toHaveLength(12);
  expect(outcomes.filter(({ outcome }) => outcome === 'known')).toHaveLength(12);
  const rows = await read(one, 'crowd');
  expect(rows.map(({ number }) => number)).toEqual(wanted.map((_, index) => index + 1));
  expect(new Set(rows.map(({ author, id }) => `${String(author)} ${String(id)}`)).size).toBe(12);
  expect((await read(one, 'crowd', 2)).map(({ number }) => number)).toEqual([11, 12]);
});

it('a name that is used for another text is refused, of the same author in the same conversation only', async () => {
  const where = { conversation: 'names', id: 'same', text: 'a' };
  expect(await add(where)).toEqual({ outcome: 'added', number: 1 });
  expect(await add({ ...where, text: 'b' })).toEqual({ outcome: 'reused' });
  expect(await add({ ...where, text: 'b', author: 'bob' })).toEqual({ outcome: 'added', number: 2 });
  expect(await add({ ...where, text: 'b', conversation: 'others' })).toEqual({ outcome: 'added', number: 1 });
});

it('conversations of two tenants have nothing to do with one another, whatever they are called', async () => {
  await add({ conversation: 'shared name', text: 'of one' });
  await add({ conversation: 'shared name', tenant: other, text: 'of the other' });
  expect((await read(one, 'shared name')).map(({ text }) => text)).toEqual(['of one']);
  expect((await read(other, 'shared name')).map(({ text }) => text)).toEqual(['of the other']);
  const nobody = tenantId('10000000-0000-4000-8000-0000000000ff');
  expect(await add({ tenant: nobody })).toEqual({ outcome: 'no tenant' });
});

it('what several processes and the janitor relay at once is told in its order, once each but for a crash', async () => {
  const told: OutboxMessage[] = [];
  const deliver = async (messages: readonly OutboxMessage[]) => {
    // Others get their turn in the midst of it.
    await new Promise((resolve) => setImmediate(resolve));
    told.push(...messages);
  };
  const name = { tenant: one, conversation: 'told' };
  await database.run((transaction) => transaction.query('truncate outbox'));
  await add({ conversation: 'told' });
  const failing = tellConversation(database, () => Promise.reject(new Error('the feed is away')), name);
  await expect(failing).rejects.toThrow('the feed is away');
  const janitor = new OutboxRelay(database, deliver);
  // There is one at a time in a system.
  let cleaning: Promise<unknown> = Promise.resolve();
  await Promise.all(
    Array.from({ length: 15 }, async (_, index) => {
      await add({ conversation: 'told' });
      if (index % 5 === 0) await (cleaning = cleaning.then(() => janitor.relayLeftovers(0)));
      else await tellConversation(database, deliver, name);
    }),
  );
  await tellConversation(database, deliver, name);
  expect(rowsIn(told).map(({ number }) => number)).toEqual(
    Array.from({ length: 16 }, (_, index) => index + 1),
  );
  expect(await database.run((transaction) => transaction.query('select from outbox'))).toEqual([]);
});
