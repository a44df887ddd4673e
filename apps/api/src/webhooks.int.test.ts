import { randomUUID } from 'node:crypto';
import { webhookBounds, webhookQueue } from '@trunkline/webhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiLab, type Answer } from './testing/index.ts';
import { addDelivery, addWebhook, numbers, webhookUrl } from './testing/seed-tenant.ts';

let lab: ApiLab;
let operator: string;
let opsOnly: string;
beforeAll(async () => {
  lab = await ApiLab.open();
  operator = await lab.token('operator');
  opsOnly = await lab.token(['ops:read', 'ops:write']);
});
afterAll(() => lab[Symbol.asyncDispose]());
beforeEach(() => lab.query('truncate webhook_endpoint, webhook_audit, operator_action cascade'));

const url = 'https://crm.example.com/hook';
const add = (body: object = {}, token = operator, headers = {}): Promise<Answer> =>
  lab.post('/v1/webhooks', token, { url, ...body }, headers);
const ask = (method: string, path: string, body?: unknown, headers = {}): Promise<Answer> =>
  lab.ask(path, { method, token: operator, headers, ...(body !== undefined && { body }) });
const actions = () =>
  lab.query('select action, target, outcome, details from operator_action order by at, id');
/** Redis may take longer than whoever asked for it waits. */
async function expectJob(delivery: unknown, round: number): Promise<void> {
  const { name, prefix } = webhookQueue(lab.prefix);
  const key = `${prefix}:${name}:${String(delivery)}.${round}`;
  await vi.waitFor(
    async () =>
      expect(await lab.opened.context.connection.hget(key, 'data')).toBe(JSON.stringify({ delivery, round })),
    { timeout: 20_000 },
  );
}

describe('adding a webhook', () => {
  it('shows the secret once, to a token without numbers too, and writes down who did it', async () => {
    const wish = { description: 'CRM', types: ['new_call'], pbxs: [lab.pbxs.acme], parallel: 2 };
    const added = await add({ ...wish, url: webhookUrl }, opsOnly);
    const { id, secret } = added.body;
    expect([added.status, added.headers.get('location')]).toEqual([201, `/v1/webhooks/${String(id)}`]);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(added.body).toMatchObject({ ...wish, url: webhookUrl, state: 'enabled', backlog: 0 });
    const read = await lab.ask(`/v1/webhooks/${String(id)}`, { token: opsOnly });
    expect(read.body).toMatchObject({ ...wish, url: webhookUrl });
    const list = await ask('GET', '/v1/webhooks');
    expect((list.body as { items: object[] }).items).toEqual([read.body]);
    const audit = await ask('GET', `/v1/webhooks/${String(id)}/audit`);
    expect(audit.body).toMatchObject({
      items: [{ action: 'added', by: 'ana', detail: 'crm.example.com' }],
    });
    expect(await actions()).toMatchObject([
      { action: 'webhook.add', target: 'crm.example.com', outcome: 'done' },
    ]);
    const told = JSON.stringify([list.text, read.text, audit.text, await actions()]);
    expect(told).not.toContain(String(secret));
    expect(JSON.stringify([await actions(), audit.text])).not.toContain('of-the-receiver');
  });

  it('masks numbers in what people wrote about it', async () => {
    const { body } = await add({ description: `ask ${numbers.caller}` });
    const path = `/v1/webhooks/${String(body['id'])}`;
    expect((await lab.ask(path, { token: opsOnly })).body['description']).toBe('ask ***456');
    expect((await ask('GET', path)).body['description']).toBe(`ask ${numbers.caller}`);
  });

  it.each([
    ['no address', { url: undefined }, 422, 'url: is missing'],
    ['no URL', { url: 'crm' }, 422, 'must be a URL such as'],
    ['no https', { url: 'http://crm.example.com/' }, 422, 'must begin with https'],
    ['a private address', { url: 'https://10.0.0.1/' }, 422, 'not of the public internet'],
    ['an unknown type', { types: ['calls'] }, 422, 'must be one of new_call'],
    ['no type', { types: [] }, 422, 'must name one at least'],
    ['too much at once', { parallel: 51 }, 422, 'must be at most 50'],
    ['what it does not know', { secret: 'mine' }, 422, 'not known here'],
    ['an unknown PBX', { pbxs: [randomUUID()] }, 404, 'GET /v1/pbxs lists'],
  ])('refuses %s', async (_what, body, status, detail) => {
    const answer = await add(body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      expect.stringMatching(/^application\/problem\+json/),
    ]);
    expect(answer.body['detail']).toContain(detail);
    expect(await lab.query('select from webhook_endpoint')).toEqual([]);
  });

  it('refuses more than a tenant may have', async () => {
    for (let count = 0; count < webhookBounds.endpointsPerTenantMax; count += 1)
      await addWebhook(lab, 'acme');
    const answer = await add();
    expect([answer.status, answer.body['reason']]).toEqual([409, 'limit']);
    expect(await actions()).toMatchObject([{ action: 'webhook.add', outcome: 'refused' }]);
  });
});

describe('a secret that is shown once', () => {
  const kept = async (): Promise<string> => {
    const { connection } = lab.opened.context;
    const keys = await connection.keys(`${lab.prefix}:api:idempotency:*`);
    return keys.length === 0 ? '' : (await connection.mget(keys)).join('\n');
  };

  it('comes again with its Idempotency-Key alone, and lies nowhere in clear', async () => {
    const headers = { 'idempotency-key': 'w1' };
    const [first, second] = [await add({}, opsOnly, headers), await add({}, opsOnly, headers)];
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(await lab.query('select from webhook_endpoint')).toHaveLength(1);

    const rotate = `/v1/webhooks/${String(first.body['id'])}/rotate-secret`;
    const own = { 'idempotency-key': 'w2' };
    const [rotated, again] = [
      await ask('POST', rotate, undefined, own),
      await ask('POST', rotate, undefined, own),
    ];
    expect([rotated.status, again.text]).toEqual([200, rotated.text]);
    expect(rotated.body['secret']).not.toBe(first.body['secret']);
    const all = await kept();
    expect(all).not.toMatch(/whsec_|crm\.example/);
    expect(all.match(/"answer":"v1\.lab\./g)).toHaveLength(2);
  });
});

describe('changing a webhook', () => {
  it('leaves what is not named as it is', async () => {
    const { body } = await add({ description: 'CRM', types: ['new_call'] });
    const path = `/v1/webhooks/${String(body['id'])}`;
    const changed = await ask('PATCH', path, { types: null, parallel: 3 }, { 'idempotency-key': 'p1' });
    expect(changed.body).toMatchObject({ url, description: 'CRM', types: null, parallel: 3, revision: 2 });
    const again = await ask('PATCH', path, { types: null, parallel: 3 }, { 'idempotency-key': 'p1' });
    expect([again.text, again.headers.get('idempotent-replayed')]).toEqual([changed.text, 'true']);
    expect((await ask('PATCH', path, {})).body).toMatchObject({
      status: 422,
      detail: expect.stringContaining('names nothing that should change') as string,
    });
    expect((await ask('PATCH', path, { url: 'https://127.0.0.1/' })).status).toBe(422);
    expect((await ask('PATCH', path, { pbxs: [lab.pbxs.other] })).status).toBe(404);
    expect((await ask('GET', path)).body).toMatchObject({ url, pbxs: null, revision: 2 });
  });

  it('disables, enables with a replay and removes, each written down', async () => {
    const id = await addWebhook(lab, 'acme');
    const path = `/v1/webhooks/${id}`;
    expect((await ask('POST', `${path}/disable`)).body).toMatchObject({
      state: 'disabled',
      stateReason: 'asked',
    });
    const discarded = await addDelivery(lab, 'acme', id, 'discarded');
    const enabled = await ask('POST', `${path}/enable`, { replaySince: '2026-01-01T00:00:00Z' });
    // The gap that it is told of is a delivery besides.
    expect(enabled.body).toMatchObject({ state: 'enabled', replayed: 1, backlog: 2 });
    await expectJob(discarded, 2);
    expect((await ask('POST', `${path}/enable`)).body).toMatchObject({ state: 'enabled', replayed: 0 });
    expect((await ask('POST', `${path}/enable`, { replaySince: 'monday' })).status).toBe(422);
    expect((await ask('DELETE', path)).body).toEqual({ id, removed: true });
    expect((await ask('DELETE', path)).status).toBe(404);
    expect((await ask('GET', path)).status).toBe(404);
    const { items } = (await ask('GET', `${path}/audit`)).body as { items: { action: string }[] };
    expect(items.map(({ action }) => action)).toEqual(['removed', 'enabled', 'disabled', 'added']);
    const written = await lab.query<{ action: string }>(
      'select action from operator_action where target = $1 order by at',
      [id],
    );
    expect(written.map(({ action }) => action)).toEqual([
      'webhook.disable',
      'webhook.enable',
      'webhook.enable',
      'webhook.remove',
    ]);
  });
});

describe('deliveries', () => {
  it('are filtered, paged without a gap, and looked into', async () => {
    const id = await addWebhook(lab, 'acme');
    const failed = [await addDelivery(lab, 'acme', id), await addDelivery(lab, 'acme', id)];
    const done = await addDelivery(lab, 'acme', id, 'delivered');
    await addDelivery(lab, 'acme', await addWebhook(lab, 'acme'));
    const page = async (query = '') =>
      (await ask('GET', `/v1/webhooks/${id}/deliveries?${query}`)).body as {
        items: { id: string }[];
        next: string | null;
      };
    const ids = async (query = '') => (await page(query)).items.map((each) => each.id);
    expect(await ids()).toEqual([done, ...failed.toReversed()]);
    expect(await ids('status=failed&type=new_call')).toEqual(failed.toReversed());
    expect(await ids('type=webhook.test')).toEqual([]);
    expect(await ids('from=2099-01-01T00:00:00Z')).toEqual([]);
    const { items, next } = await page('limit=2');
    const rest = await page(`limit=2&after=${String(next)}`);
    expect([...items, ...rest.items].map((each) => each.id)).toEqual([done, ...failed.toReversed()]);
    expect(rest.next).toBeNull();
    expect((await ask('GET', `/v1/webhooks/${id}/deliveries?status=lost`)).status).toBe(400);

    const full = await ask('GET', `/v1/webhooks/deliveries/${done}`);
    expect(full.body).toMatchObject({ endpoint: id, attemptsMade: [{ number: 1, httpStatus: 500 }] });
    expect(full.text).toContain(numbers.caller);
    const masked = await lab.ask(`/v1/webhooks/deliveries/${done}`, { token: opsOnly });
    expect(masked.text).not.toContain(numbers.caller.slice(1));
    expect(masked.body).toMatchObject({
      body: '{"type":"new_call","data":{"callerNumber":"***456"}}',
      attemptsMade: [{ error: 'it answered 500', response: null }],
    });
  });

  it('are made again, once they are finished', async () => {
    const id = await addWebhook(lab, 'acme');
    const delivery = await addDelivery(lab, 'acme', id);
    const path = `/v1/webhooks/deliveries/${delivery}`;
    const again = await ask('POST', `${path}/redeliver`);
    expect([again.status, again.body]).toEqual([202, { delivery, status: path }]);
    await expectJob(delivery, 2);
    const tooSoon = await ask('POST', `${path}/redeliver`);
    expect([tooSoon.status, tooSoon.body['detail']]).toEqual([
      422,
      expect.stringContaining('is not finished yet'),
    ]);
    expect(await actions()).toMatchObject([
      {
        action: 'webhook.redeliver',
        target: delivery,
        outcome: 'done',
        details: JSON.stringify({ webhook: id }),
      },
      { action: 'webhook.redeliver', target: delivery, outcome: 'refused' },
    ]);
  });

  it('that only test are handed to a worker, a few at a time', async () => {
    const id = await addWebhook(lab, 'acme');
    const statuses: number[] = [];
    let last: Answer | undefined;
    for (let count = 0; count <= webhookBounds.testsMax; count += 1) {
      const answer = await ask('POST', `/v1/webhooks/${id}/test`);
      statuses.push(answer.status);
      if (answer.status === 202) last = answer;
    }
    expect(statuses).toEqual([...Array<number>(webhookBounds.testsMax).fill(202), 409]);
    expect(last?.headers.get('location')).toBe(last?.body['status']);
    await expectJob(last?.body['delivery'], 1);
    expect((await ask('GET', String(last?.body['status']))).body).toMatchObject({
      type: 'webhook.test',
      status: 'out',
    });
  });
});

it('what was done is answered also where Redis can’t keep the answer', { timeout: 60_000 }, async () => {
  await using failing = await ApiLab.open();
  const token = await failing.token('operator');
  const id = await addWebhook(failing, 'acme');
  const headers = { 'idempotency-key': 'r1' };
  let answering: Promise<Answer> | undefined;
  await failing.database.run(async (tx) => {
    await tx.query('select from webhook_endpoint where id = $1 for update', [id]);
    answering = failing.post(`/v1/webhooks/${id}/rotate-secret`, token, undefined, headers);
    await vi.waitFor(
      async () =>
        expect(
          await failing.query(
            `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
          ),
        ).toHaveLength(1),
      { timeout: 20_000 },
    );
    failing.redisProxy.refuse();
    failing.redisProxy.reset();
  });
  const answer = await answering;
  expect([answer?.status, answer?.body['secret']]).toEqual([200, expect.stringMatching(/^whsec_/)]);
  failing.redisProxy.accept();
  const again = () => failing.post(`/v1/webhooks/${id}/rotate-secret`, token, undefined, headers);
  await vi.waitFor(async () => expect((await again()).status).toBe(409), { timeout: 20_000 });
  expect(await failing.query('select from webhook_secret')).toHaveLength(2);
});

it('without the key what needs it says what to set, and everything else works', async () => {
  await using keyless = await ApiLab.open({ env: { TRUNKLINE_WEBHOOK_KEY: '' } });
  const token = await keyless.token('operator');
  const headers = { 'idempotency-key': 'n1' };
  const id = randomUUID();
  await keyless.query('insert into webhook_endpoint (id, tenant_id, url, parallel) values ($1, $2, $3, 8)', [
    id,
    keyless.tenant('acme'),
    url,
  ]);
  for (const path of ['/v1/webhooks', `/v1/webhooks/${id}/rotate-secret`]) {
    const answer = await keyless.post(path, token, { url }, headers);
    expect([answer.status, answer.body['reason']]).toEqual([503, 'no-key']);
    expect(answer.body['detail']).toContain('TRUNKLINE_WEBHOOK_KEY');
  }
  expect(await keyless.query('select from operator_action')).toEqual([]);
  const { items } = (await keyless.ask('/v1/webhooks', { token })).body as { items: unknown[] };
  expect(items).toMatchObject([{ id, url }]);
  expect((await keyless.post(`/v1/webhooks/${id}/disable`, token)).status).toBe(200);
});
