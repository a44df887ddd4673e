import { preparedDatabase, tenantIds } from '@trunkline/database/testing';
import type { Database, Transaction } from '@trunkline/database';
import { tenantId } from '@trunkline/domain';
import { pbxIds } from '@trunkline/domain/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWebhooks, type Webhooks } from './create-webhooks.ts';
import { retryDelayMs, retryScheduleMs } from './retry-schedule.ts';
import { claimDelivery } from './store/claim-delivery.ts';
import { fanOut, tenantsWaiting } from './store/fan-out.ts';
import { handOutLeftovers, overdueDeliveries } from './store/keep-house.ts';
import { settleDelivery, type Attempt } from './store/settle-delivery.ts';
import type { Verdict } from './verdict.ts';
import { webhookBounds } from './webhook-bounds.ts';
import { createWebhookKeys } from './webhook-keys.ts';
import type { DeliveryJob } from './webhook-queue.ts';

const [one, other] = [tenantId(tenantIds[0]), tenantId(tenantIds[1])];
const url = 'https://example.com/hook?token=of-the-receiver';
const by = 'ada';
const bounds = { disableAfterMs: 5 * 86_400_000, backlogMax: 10_000 };

let database: Database;
let webhooks: Webhooks;
const enqueued: DeliveryJob[] = [];
beforeAll(async () => {
  database = await preparedDatabase();
  webhooks = createWebhooks({
    database,
    queue: { enqueue: async (jobs) => void enqueued.push(...jobs) },
    keys: createWebhookKeys(`test:${'k'.repeat(40)}`),
    policy: { privateAllowed: false, ports: [443, 8443] },
    relay: () => Promise.resolve(),
  });
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  enqueued.length = 0;
  await rows('truncate webhook_endpoint, webhook_message, webhook_audit, outbox cascade');
});

const run = <Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> =>
  database.run(work);
const rows = <Row>(statement: string, parameters: readonly unknown[] = []): Promise<Row[]> =>
  run((transaction) => transaction.query<Row>(statement, parameters));
const commit = (calls: number, tenant: string = one): Promise<unknown> =>
  rows(
    `insert into webhook_message (id, tenant_id, payload, created_at)
     values ((select coalesce(max(id), 0) + 1 from webhook_message), $1, $2, now())`,
    [
      tenant,
      JSON.stringify({ call_update: Array.from({ length: calls }, (_, call) => ({ call, pbx: pbxIds[0] })) }),
    ],
  );
const fanned = async (): Promise<readonly DeliveryJob[]> =>
  (await run((transaction) => fanOut(transaction, one, bounds)))?.jobs ?? [];

async function settle(job: DeliveryJob, verdict: Verdict, retryInMs: number | null) {
  const claim = await run((transaction) => claimDelivery(transaction, job));
  if (claim.kind !== 'go') return claim.kind;
  const attempt: Attempt = {
    delivery: claim.delivery,
    at: new Date(),
    durationMs: 1,
    httpStatus: 500,
    response: null,
    verdict,
    retryInMs,
  };
  return await run((transaction) => settleDelivery(transaction, attempt, bounds));
}
const failed: Verdict = { kind: 'failed', error: 'it answered 500', retryAfterMs: null };

describe('an endpoint', () => {
  it('shows its secret once, and never keeps it in the clear', async () => {
    const { endpoint, secret } = await webhooks.addEndpoint({ tenant: one, url, description: 'CRM' }, by);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(endpoint).toMatchObject({ tenant: one, url, description: 'CRM', types: null, state: 'enabled' });
    const everything = await rows(
      `select to_json(e) from webhook_endpoint e union all select to_json(s) from webhook_secret s
       union all select to_json(a) from webhook_audit a union all select to_json(o) from outbox o`,
    );
    expect(everything.length).toBeGreaterThan(3);
    expect(JSON.stringify(everything)).not.toContain(secret.slice(6));
    expect(await webhooks.readAudit(endpoint.id)).toMatchObject([
      { action: 'added', by, detail: 'example.com' },
    ]);
  });

  it.each([
    ['an address that is private', { url: 'https://10.0.0.1/' }, 'not of the public internet'],
    [
      'a type that there is not',
      { types: ['call_updated'] },
      'There is no type "call_updated"; the types are new_call',
    ],
    ['no type at all', { types: [] }, 'at least one type'],
    ["another tenant's PBX", { pbxs: [pbxIds[2]] }, 'There is no PBX'],
    ['a PBX that is none', { pbxs: ['head office'] }, 'There is no PBX head office'],
    ['too many at once', { parallel: 51 }, 'a whole number from 1 to 50'],
    ['a description of two lines', { description: 'a\nb' }, 'is a line of at most'],
  ])('is refused with %s', async (_what, wishes, problem) => {
    const adding = webhooks.addEndpoint({ tenant: one, url, ...wishes }, by);
    await expect(adding).rejects.toMatchObject({ name: 'WebhookError', problem: 'invalid' });
    await expect(adding).rejects.toThrow(problem);
    const { endpoint } = await webhooks.addEndpoint({ tenant: one, url }, by);
    await expect(webhooks.updateEndpoint(endpoint.id, wishes, { by })).rejects.toThrow(problem);
    expect(await webhooks.listEndpoints()).toEqual([endpoint]);
  });

  it('can be changed, where what is not named stays', async () => {
    const { endpoint } = await webhooks.addEndpoint({ tenant: one, url, types: ['new_call'] }, by);
    const changed = await webhooks.updateEndpoint(
      endpoint.id,
      { pbxs: [pbxIds[0]], description: 'CRM' },
      { by },
    );
    expect(changed).toEqual({ ...endpoint, pbxs: [pbxIds[0]], description: 'CRM', revision: 2 });
    expect((await webhooks.updateEndpoint(endpoint.id, { types: null }, { by })).types).toBeNull();
  });

  it('belongs to its tenant: nobody else finds, changes or removes it', async () => {
    const { endpoint } = await webhooks.addEndpoint({ tenant: one, url }, by);
    await commit(1);
    await fanned();
    const [delivery] = (await webhooks.listDeliveries({ tenant: one })).items;
    const foreign = { tenant: other, by };
    expect(await webhooks.listEndpoints(other)).toEqual([]);
    expect((await webhooks.listDeliveries({ tenant: other })).items).toEqual([]);
    expect(await webhooks.readAudit(endpoint.id, other)).toEqual([]);
    for (const attempt of [
      () => webhooks.readEndpoint(endpoint.id, other),
      () => webhooks.readDelivery(delivery?.id ?? '', other),
      () => webhooks.updateEndpoint(endpoint.id, { url }, foreign),
      () => webhooks.rotateSecret(endpoint.id, foreign),
      () => webhooks.disableEndpoint(endpoint.id, foreign),
      () => webhooks.enableEndpoint(endpoint.id, foreign),
      () => webhooks.removeEndpoint(endpoint.id, foreign),
      () => webhooks.redeliver(delivery?.id ?? '', other),
      () => webhooks.sendTest(endpoint.id, other),
    ])
      await expect(attempt()).rejects.toMatchObject({ problem: 'unknown' });
    expect(await webhooks.readEndpoint(endpoint.id, one)).toMatchObject({ url, revision: 1 });
  });

  it('is walled off from other tenants in every table, and its secret from all of them', async () => {
    await webhooks.addEndpoint({ tenant: one, url }, by);
    await commit(1);
    await fanned();
    for (const table of ['webhook_endpoint', 'webhook_delivery', 'webhook_audit']) {
      const seen = (tenant: typeof one) =>
        database.forTenant(tenant, (_em, transaction) => transaction.query(`select from ${table}`));
      expect(await seen(one)).toHaveLength(1);
      expect(await seen(other)).toEqual([]);
    }
    for (const table of ['webhook_secret', 'webhook_message'])
      await expect(
        database.forTenant(one, (_em, transaction) => transaction.query(`select from ${table}`)),
      ).rejects.toThrow('permission denied');
  });

  it('is one of a bounded number', async () => {
    for (let count = 0; count < webhookBounds.endpointsPerTenantMax; count += 1)
      await webhooks.addEndpoint({ tenant: one, url }, by);
    await expect(webhooks.addEndpoint({ tenant: one, url }, by)).rejects.toMatchObject({ problem: 'limit' });
    await webhooks.addEndpoint({ tenant: other, url }, by);
  });

  it('leaves its audit when it is removed, and nothing else', async () => {
    const { endpoint } = await webhooks.addEndpoint({ tenant: one, url }, by);
    await commit(3);
    await fanned();
    await webhooks.removeEndpoint(endpoint.id, { by });
    expect(await rows('select from webhook_delivery')).toEqual([]);
    expect(await rows('select from webhook_secret')).toEqual([]);
    expect((await webhooks.readAudit(endpoint.id)).map(({ action }) => action)).toEqual(['removed', 'added']);
    await expect(webhooks.removeEndpoint(endpoint.id, { by })).rejects.toThrow('There is no webhook');
  });

  it('keeps a few secrets at most, however often they are replaced', async () => {
    const { endpoint } = await webhooks.addEndpoint({ tenant: one, url }, by);
    for (let count = 0; count < 9; count += 1) await webhooks.rotateSecret(endpoint.id, { by });
    expect(await rows('select from webhook_secret')).toHaveLength(webhookBounds.secretsMax);
    expect(await rows('select from webhook_secret where expires_at is null')).toHaveLength(1);
  });

  it('can’t be added without a key, which says what to set', async () => {
    const keyless = createWebhooks({
      database,
      queue: { enqueue: () => Promise.resolve() },
      keys: undefined,
      policy: { privateAllowed: true, ports: 'any' },
      relay: () => Promise.resolve(),
    });
    await expect(keyless.addEndpoint({ tenant: one, url }, by)).rejects.toThrow(
      'TRUNKLINE_WEBHOOK_KEY is not set',
    );
    expect(await keyless.listEndpoints()).toEqual([]);
  });
});

describe('a delivery', () => {
  it('is tried on the schedule, ten times over about a day, by the clock of the database', async () => {
    await webhooks.addEndpoint({ tenant: one, url }, by);
    await commit(1);
    const [job] = await fanned();
    if (job === undefined) throw new Error('nothing was handed out');
    for (const [index, planned] of retryScheduleMs.entries()) {
      const retryInMs = retryDelayMs({ attempts: index + 1, retryAfterMs: null, random: Math.random });
      expect(await settle(job, failed, retryInMs)).toMatchObject({ outcome: 'retrying' });
      const [row] = await rows<{ ms: number }>(
        `select (extract(epoch from d.next_attempt_at - a.at) * 1000)::float8 as ms
         from webhook_delivery d join webhook_attempt a on a.delivery_id = d.id order by a.id desc limit 1`,
      );
      expect(row?.ms).toBeGreaterThan(planned * 0.8 - 1);
      expect(row?.ms).toBeLessThan(planned * 1.2 + 60_000);
      expect(await settle(job, failed, retryInMs)).toBe('early');
      await rows('update webhook_delivery set next_attempt_at = now()');
    }
    const last = retryDelayMs({ attempts: 10, retryAfterMs: null, random: Math.random });
    expect(await settle(job, failed, last)).toMatchObject({ outcome: 'failed' });
    expect(await settle(job, failed, null)).toBe('over');
    const [delivery] = (await webhooks.listDeliveries()).items;
    expect(delivery).toMatchObject({
      status: 'failed',
      attempts: 10,
      error: 'it answered 500',
      nextAttemptAt: null,
    });
  });

  it('is one of so many under way; the next one takes the place of each that ends', async () => {
    const { endpoint } = await webhooks.addEndpoint({ tenant: one, url, parallel: 2 }, by);
    await commit(5);
    const [first, second, ...none] = await fanned();
    if (first === undefined || second === undefined) throw new Error('nothing was handed out');
    expect(none).toEqual([]);
    const settled = await settle(first, failed, 60_000);
    expect(settled).toMatchObject({ outcome: 'retrying', jobs: [{ round: 1 }] });
    await rows('update webhook_delivery set next_attempt_at = now()');
    expect(await settle(first, failed, 60_000)).toBe('busy');
    await webhooks.updateEndpoint(endpoint.id, { parallel: 3 }, { by });
    expect(await run(handOutLeftovers)).toHaveLength(1);
    expect(await run(handOutLeftovers)).toEqual([]);
  });

  it('that two workers make at once is settled once; a success counts whoever tells it', async () => {
    await webhooks.addEndpoint({ tenant: one, url }, by);
    await commit(1);
    const [job] = await fanned();
    if (job === undefined) throw new Error('nothing was handed out');
    const claims = await Promise.all([1, 2].map(() => run((transaction) => claimDelivery(transaction, job))));
    const attempts = claims.map((claim): Attempt => {
      if (claim.kind !== 'go') throw new Error(claim.kind);
      const nothing = { at: new Date(), durationMs: 1, httpStatus: null, response: null };
      return { delivery: claim.delivery, ...nothing, verdict: failed, retryInMs: 60_000 };
    });
    const [frozen, quick] = attempts;
    if (frozen === undefined || quick === undefined) throw new Error('nothing was claimed');
    const settled = (attempt: Attempt) => run((transaction) => settleDelivery(transaction, attempt, bounds));
    expect(await settled(quick)).toMatchObject({ outcome: 'retrying' });
    expect(await settled(frozen)).toMatchObject({ outcome: 'overtaken' });
    expect((await webhooks.listDeliveries()).items[0]).toMatchObject({ status: 'retrying', attempts: 1 });
    const success: Attempt = { ...frozen, verdict: { kind: 'delivered' }, retryInMs: null };
    expect(await settled(success)).toMatchObject({ outcome: 'delivered' });
    expect((await webhooks.listDeliveries()).items[0]).toMatchObject({ status: 'delivered' });
  });

  it('that was handed out is looked for when its time is over, and not at every turn', async () => {
    await webhooks.addEndpoint({ tenant: one, url }, by);
    await commit(2);
    await fanned();
    expect(await run(overdueDeliveries)).toEqual([]);
    await rows('update webhook_delivery set look_at = now()');
    expect(await run(overdueDeliveries)).toHaveLength(2);
    expect(await run(overdueDeliveries)).toEqual([]);
  });

  it('is listed newest first, by page, and found by what it is', async () => {
    const { endpoint } = await webhooks.addEndpoint({ tenant: one, url }, by);
    await commit(5);
    await fanned();
    const all = (await webhooks.listDeliveries()).items.map(({ id }) => id);
    const first = await webhooks.listDeliveries({ endpoint: endpoint.id }, { limit: 3 });
    const second = await webhooks.listDeliveries(
      { endpoint: endpoint.id },
      { limit: 3, after: first.next ?? '' },
    );
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(all);
    expect(second.next).toBeNull();
    const count = async (filter: Parameters<Webhooks['listDeliveries']>[0]) =>
      (await webhooks.listDeliveries(filter)).items.length;
    expect(await count({ status: 'out' })).toBe(5);
    expect(await count({ status: 'failed' })).toBe(0);
    expect(await count({ type: 'new_call' })).toBe(0);
    expect(await count({ since: new Date(Date.now() + 60_000) })).toBe(0);
    expect(await count({ endpoint: 'none' })).toBe(0);
  });
});

describe('committed messages', () => {
  it('are turned into deliveries by one at a time for each tenant, in their order', async () => {
    await webhooks.addEndpoint({ tenant: one, url }, by);
    await commit(1);
    await commit(1);
    await commit(1, other);
    expect(await run(tenantsWaiting)).toEqual([one, other]);
    await run(async (transaction) => {
      expect((await fanOut(transaction, one, bounds))?.deliveries).toBe(2);
      expect(await run((second) => fanOut(second, one, bounds))).toBeNull();
    });
    await run((transaction) => fanOut(transaction, other, bounds));
    expect(await run(tenantsWaiting)).toEqual([]);
    expect(await rows('select from webhook_delivery')).toHaveLength(2);
  });

  it('stay where making deliveries of them failed half way', async () => {
    await webhooks.addEndpoint({ tenant: one, url }, by);
    await commit(3);
    const broken = run(async (transaction) => {
      await fanOut(transaction, one, bounds);
      throw new Error('killed before the commit');
    });
    await expect(broken).rejects.toThrow('killed');
    expect(await rows('select from webhook_delivery')).toEqual([]);
    expect(await fanned()).toHaveLength(3);
  });
});
