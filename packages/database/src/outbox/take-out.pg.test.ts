import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Database } from '../database.ts';
import { preparedDatabase, tenantIds } from '../testing/index.ts';
import { OutboxRelay } from './relay.ts';

let database: Database;
beforeAll(async () => {
  database = await preparedDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(() => rows('truncate outbox, webhook_message, webhook_endpoint cascade'));

const rows = <Row>(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> =>
  database.run((transaction) => transaction.query<Row>(statement, parameters));

const addEndpoint = (tenant: string, state: string) =>
  rows(
    `insert into webhook_endpoint (id, tenant_id, url, parallel, state) values ($1, $2, 'https://example.com', 1, $3)`,
    [randomUUID(), tenant, state],
  );
const post = async (tenant: string, payload: string): Promise<void> =>
  void (await rows('insert into outbox (tenant_id, payload) values ($1, $2)', [tenant, payload]));
const relay = (): OutboxRelay => new OutboxRelay(database, () => Promise.resolve());
const kept = () =>
  rows<{ tenant: string; letters: number }>(
    'select tenant_id as tenant, length(payload) as letters from webhook_message order by id',
  );

it('what leaves the outbox stays for tenants that have a webhook, and for nobody else', async () => {
  await addEndpoint(tenantIds[0], 'enabled');
  await addEndpoint(tenantIds[0], 'enabled');
  await addEndpoint(tenantIds[1], 'disabled');
  const large = JSON.stringify({ call_update: ['x'.repeat(256 * 1024)] });
  await post(tenantIds[0], '{}');
  await post(tenantIds[1], '{}');
  await post(tenantIds[0], large);
  expect(await relay().relayLeftovers(0)).toBe(3);
  expect(await kept()).toEqual([
    { tenant: tenantIds[0], letters: 2 },
    { tenant: tenantIds[0], letters: large.length },
  ]);
  expect(await rows('select from outbox')).toEqual([]);
});

it('a message that two relay at the same time, as after a freeze, is kept once', async () => {
  await addEndpoint(tenantIds[0], 'enabled');
  await post(tenantIds[0], '{}');
  const messages = await rows<{ id: string }>('select id from outbox');
  const both = messages.map(({ id }) => ({
    id,
    tenant: tenantIds[0] as never,
    payload: '{}',
    traceparent: null,
  }));
  await Promise.all([relay().relay(both), relay().relay(both), relay().relay(both)]);
  expect(await kept()).toHaveLength(1);
});

it('a message that could not be delivered to the screens is kept when it was, and not before', async () => {
  await addEndpoint(tenantIds[0], 'enabled');
  await post(tenantIds[0], '{}');
  const broken = new OutboxRelay(database, () => Promise.reject(new Error('the feed is away')));
  await expect(broken.relayLeftovers(0)).rejects.toThrow('the feed is away');
  expect(await kept()).toEqual([]);
  await relay().relayLeftovers(0);
  expect(await kept()).toHaveLength(1);
});
