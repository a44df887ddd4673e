import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { testRedisUrl } from '@trunkline/backing-services/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CliLab, type RunOptions } from '../testing/cli-lab.ts';

let lab: CliLab;
beforeAll(async () => {
  lab = await CliLab.open();
});
afterAll(() => lab[Symbol.asyncDispose]());
beforeEach(() => lab.query('truncate webhook_endpoint, webhook_audit cascade'));

const url = 'https://crm.example.com/hook?token=of-the-receiver';
const withKey: RunOptions = { env: { TRUNKLINE_WEBHOOK_KEY: `test:${'k'.repeat(40)}` } };
const run = (...args: string[]) => lab.run(['webhooks', ...args], { ...withKey });
const add = async (...args: string[]): Promise<string> => {
  const { code, notes } = await run('add', url, ...args);
  expect({ code, notes }).toMatchObject({ code: 0 });
  return /Added the webhook (\S+)\./.exec(notes)?.[1] ?? '';
};
const addDelivery = async (endpoint: string, status: string): Promise<string> => {
  const id = randomUUID();
  await lab.query(
    `insert into webhook_delivery (id, tenant_id, endpoint_id, type, body, status, finished_at, error)
     values ($1, $2, $3, 'call_update', '{"a":1}', $4, now(), 'it answered 500')`,
    [id, lab.tenant, endpoint, status],
  );
  await lab.query(
    `insert into webhook_attempt (tenant_id, delivery_id, round, number, at, duration_ms, outcome, http_status, error, response)
     values ($1, $2, 1, 1, now(), 12, 'failed', 500, 'it answered 500', E'oh\\u001b[2Jno')`,
    [lab.tenant, id],
  );
  return id;
};

describe('webhooks add', () => {
  it('gives the secret alone on standard output, and says what to do next on the other', async () => {
    const { code, out, notes } = await run(
      'add',
      url,
      '--types',
      'new_call,call_update',
      '--pbx',
      'Head office',
    );
    expect([code, out]).toEqual([0, expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/)]);
    expect(notes).toMatch(/not shown again\.\nTry it: trunkline webhooks test /);
    const [endpoint] = await lab.json<unknown[]>('webhooks', 'list');
    expect(endpoint).toMatchObject({
      url,
      types: ['new_call', 'call_update'],
      pbxs: [lab.pbx],
      state: 'enabled',
    });
  });

  it.each([
    ['an address of our own', ['http://127.0.0.1/'], 2, /must begin with https/],
    ['a private address', ['https://10.0.0.1/'], 2, /not of the public internet/],
    ['an unknown type', [url, '--types', 'calls'], 2, /It is one of new_call/],
    ['an unknown PBX', [url, '--pbx', 'Nowhere'], 1, /There is no PBX "Nowhere"/],
    ['an unknown tenant', [url, '--tenant', 'Nobody'], 1, /There is no tenant "Nobody"/],
  ])('refuses %s', async (_what, args, code, message) => {
    const ran = await run('add', ...args);
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.notes).toMatch(message);
  });

  it('needs the key, and says so', async () => {
    const { code, notes } = await lab.run(['webhooks', 'add', url]);
    expect([code, notes]).toEqual([2, expect.stringContaining('TRUNKLINE_WEBHOOK_KEY is not set')]);
  });
});

describe('webhooks list and show', () => {
  it('tell how they stand, without their addresses in the list', async () => {
    expect((await run('list')).out).toMatch(/There are no webhooks\. Add one/);
    const id = await add('--description', 'CRM');
    const { out } = await run('list', '--tenant', 'Acme');
    expect(out.split('\n')[1]).toMatch(new RegExp(`^${id} +crm\\.example\\.com +CRM +enabled +0 +-$`));
    expect(out).not.toContain('of-the-receiver');
    const shown = await run('show', id);
    expect(shown.out).toMatch(/url +https:\/\/crm\.example\.com\/hook/);
    expect(shown.out).toMatch(/added +ada \(command line\) +crm\.example\.com/);
    expect((await run('show', randomUUID())).code).toBe(1);
  });
});

describe('changing webhooks', () => {
  it('disables, enables with a replay, rotates and removes, each audited', async () => {
    const id = await add();
    expect((await run('disable', id)).out).toMatch(/Disabled the webhook/);
    expect((await run('list')).out).toMatch(/disabled: asked/);
    await addDelivery(id, 'discarded');
    expect((await run('enable', id, '--replay-since', '2d')).out).toMatch(
      /is enabled\. 1 deliveries are made again/,
    );
    expect((await run('rotate-secret', id)).out).toMatch(/^whsec_/);
    expect((await run('remove', id)).code).toBe(0);
    expect(await lab.query('select action from webhook_audit order by id')).toEqual(
      ['added', 'disabled', 'enabled', 'secret_rotated', 'removed'].map((action) => ({ action })),
    );
    expect(await run('remove', id)).toMatchObject({ code: 1, notes: `There is no webhook ${id}.` });
  });
});

describe('the log of deliveries', () => {
  it('is listed, looked into, and made again', async () => {
    const id = await add();
    const delivery = await addDelivery(id, 'failed');
    const { out } = await run('deliveries', '--webhook', id, '--status', 'failed');
    expect(out.split('\n')[1]).toMatch(new RegExp(`call_update +failed +0 +it answered 500 +${delivery}$`));
    const shown = await run('delivery', delivery);
    expect(shown.out).toMatch(/body +\{"a":1\}/);
    expect(shown.out).toMatch(/1 +12 ms +it answered 500 +oh\\u001b\[2Jno/);
    expect(await run('redeliver', delivery)).toMatchObject({
      code: 0,
      out: `${delivery}: will be delivered again.`,
    });
    const redis = new Redis(testRedisUrl());
    expect(await redis.hget(`${lab.prefix}:{webhooks}:webhooks:${delivery}.2`, 'data')).toBe(
      JSON.stringify({ delivery, round: 2 }),
    );
    redis.disconnect();
    expect(await run('redeliver', delivery)).toMatchObject({
      code: 2,
      notes: expect.stringMatching(/not finished/),
    });
    expect((await run('deliveries', '--status', 'lost')).code).toBe(2);
  });
});

it('webhooks test says where no worker delivers', async () => {
  const id = await add();
  const { code, notes } = await run('test', id, '--wait', '1s');
  expect([code, notes]).toEqual([1, expect.stringMatching(/No worker has delivered the test yet/)]);
});
