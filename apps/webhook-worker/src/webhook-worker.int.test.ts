import { pbxIds } from '@trunkline/domain/testing';
import { describe, expect, it, vi } from 'vitest';
import { createWebhookLab, one, other, type WebhookLab } from './testing/webhook-lab.ts';

vi.setConfig({ testTimeout: 90_000 });

const soon = { timeout: 40_000, interval: 30 };
const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const statuses = async (lab: WebhookLab): Promise<string[]> =>
  (await lab.deliveries()).map(({ status }) => status);

describe('a committed change', () => {
  it('reaches the webhook signed, once, as screens get it, and is in the log', async () => {
    await using lab = await createWebhookLab();
    const { endpoint, secret } = await lab.add('/hook');
    await lab.startReplica();
    await lab.ring(['a', 'b']);
    await expect.poll(() => statuses(lab), soon).toEqual(['delivered', 'delivered']);
    const heard = lab.receiver.heard('/hook', secret);
    const told = heard.map(({ type, data }) => `${type} ${String(data['call'])} ${String(data['revision'])}`);
    expect(told.sort()).toEqual(['new_call a 1', 'new_call b 1']);
    const log = await lab.deliveries();
    expect(new Set(heard.map(({ id }) => id))).toEqual(
      new Set(log.map(({ id }) => `msg_${id.replaceAll('-', '')}`)),
    );
    const [received] = lab.receiver.received;
    expect(received?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Trunkline-Webhooks/1',
    });
    const detail = await lab.webhooks.readDelivery(log[0]?.id ?? '');
    expect(detail).toMatchObject({
      status: 'delivered',
      endpoint: endpoint.id,
      attempts: 1,
      httpStatus: 204,
    });
    expect(detail.attemptsMade).toMatchObject([
      { number: 1, outcome: 'delivered', httpStatus: 204, error: null },
    ]);
    expect((await lab.webhooks.readEndpoint(endpoint.id)).lastSuccessAt).toBeInstanceOf(Date);
  });

  it('reaches nobody who did not ask for it, and no other tenant', async () => {
    await using lab = await createWebhookLab();
    const recordings = await lab.add('/recordings', { types: ['new_recording'] });
    const second = await lab.add('/second', { pbxs: [pbxIds[1]] });
    const foreign = await lab.add('/foreign', { tenant: other, pbxs: null });
    const all = await lab.add('/all');
    await lab.startReplica();
    await lab.ring(['first'], pbxIds[0]);
    await lab.ring(['second'], pbxIds[1]);
    await lab.ring(['foreign'], pbxIds[2]);
    const callsAt = (path: string, { secret }: { readonly secret: string }) =>
      lab.receiver.heard(path, secret).map(({ data }) => String(data['call']));
    await expect
      .poll(() => statuses(lab), soon)
      .toEqual(['delivered', 'delivered', 'delivered', 'delivered']);
    expect(callsAt('/recordings', recordings)).toEqual([]);
    expect(callsAt('/second', second)).toEqual(['second']);
    expect(callsAt('/foreign', foreign)).toEqual(['foreign']);
    expect(callsAt('/all', all).sort()).toEqual(['first', 'second']);
    expect((await lab.deliveries(other)).map(({ endpoint }) => endpoint)).toEqual([foreign.endpoint.id]);
  });

  it('costs a tenant without webhooks nothing that stays', async () => {
    await using lab = await createWebhookLab();
    await lab.add('/hook', { tenant: other });
    await lab.ring(['a']);
    expect(await lab.rows('select from webhook_message where tenant_id = $1', [one])).toEqual([]);
    expect(await lab.rows('select from outbox')).toEqual([]);
  });
});

describe('a receiver that fails', () => {
  it('is tried again under the same id until it takes the delivery', async () => {
    await using lab = await createWebhookLab();
    const { secret } = await lab.add('/hook');
    await lab.receiver.behave('/hook', { status: 500, body: 'x'.repeat(5_000) });
    await lab.startReplica({ tuning: { scheduleMs: Array.from({ length: 50 }, () => 100) } });
    await lab.ring(['a']);
    await expect.poll(() => lab.receiver.received.length, soon).toBeGreaterThan(2);
    await lab.receiver.behave('/hook', {});
    await expect.poll(() => statuses(lab), soon).toEqual(['delivered']);
    const heard = lab.receiver.heard('/hook', secret);
    expect(new Set(heard.map(({ id }) => id)).size).toBe(1);
    const [delivery] = await lab.deliveries();
    const { attemptsMade, attempts } = await lab.webhooks.readDelivery(delivery?.id ?? '');
    expect(attempts).toBe(heard.length);
    expect(attemptsMade.map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: heard.length - 1 }, () => 'failed'),
      'delivered',
    ]);
    expect(attemptsMade[0]).toMatchObject({
      number: 1,
      httpStatus: 500,
      error: 'it answered 500',
      response: 'x'.repeat(1_024),
    });
  });

  it('is given up after its last attempt, and hears of the gap once it works again', async () => {
    await using lab = await createWebhookLab();
    const { endpoint, secret } = await lab.add('/hook');
    await lab.receiver.behave('/hook', { status: 400 });
    const replica = await lab.startReplica();
    await lab.ring(['lost']);
    await expect.poll(() => statuses(lab), soon).toEqual(['failed']);
    expect(lab.receiver.received).toHaveLength(4);
    expect(await lab.webhooks.readEndpoint(endpoint.id)).toMatchObject({ failures: 4, gapMissed: 1 });

    await lab.receiver.behave('/hook', {});
    const before = lab.receiver.received.length;
    await lab.ring(['told']);
    await expect.poll(() => statuses(lab), soon).toEqual(['delivered', 'delivered', 'failed']);
    const [change, gap] = lab.receiver.heard('/hook', secret).slice(before);
    expect([change?.type, change?.data['call'], gap?.type]).toEqual(['new_call', 'told', 'webhook.gap']);
    expect(gap?.data).toMatchObject({ missed: 1 });
    const [lost] = (await lab.deliveries()).slice(-1);
    expect(Date.parse(String(gap?.data['since']))).toBeLessThanOrEqual(lost?.createdAt.getTime() ?? 0);
    expect(await lab.webhooks.readEndpoint(endpoint.id)).toMatchObject({ failures: 0, gapSince: null });
    const exposed = await replica.metrics.exposition();
    expect(exposed).toMatch(/trunkline_webhook_deliveries_total\{outcome="failed",app="test"\} 1/);
    expect(exposed).toMatch(/trunkline_webhook_deliveries_total\{outcome="delivered",app="test"\} 2/);
  });

  it('that redirects is not followed', async () => {
    await using lab = await createWebhookLab();
    await lab.add('/hook');
    await lab.receiver.behave('/hook', {
      status: 307,
      headers: { location: lab.receiver.url('/elsewhere') },
    });
    await lab.startReplica({ tuning: { scheduleMs: [] } });
    await lab.ring(['a']);
    await expect.poll(() => statuses(lab), soon).toEqual(['failed']);
    expect(lab.receiver.received.map(({ path }) => path)).toEqual(['/hook']);
  });

  it('that never answers is given up in time, and asks for time with Retry-After', async () => {
    await using lab = await createWebhookLab();
    await lab.add('/never');
    await lab.receiver.behave('/never', { delayMs: null });
    await lab.add('/busy');
    await lab.receiver.behave('/busy', { status: 503, headers: { 'retry-after': '1800' } });
    await lab.startReplica({ tuning: { answerWithinMs: 300, scheduleMs: [3_600_000] } });
    await lab.ring(['a']);
    await expect.poll(() => statuses(lab), soon).toEqual(['retrying', 'retrying']);
    const log = await lab.deliveries();
    expect(log.map(({ error }) => String(error)).sort()).toEqual([
      'it answered 503',
      'no answer within 0.3 s',
    ]);
    const busy = log.find(({ httpStatus }) => httpStatus === 503);
    expect((busy?.nextAttemptAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(1_700_000);
  });

  it('that answers 410 is asked no more: disabled, audited and told, until somebody enables it', async () => {
    await using lab = await createWebhookLab();
    const { endpoint, secret } = await lab.add('/hook');
    await lab.receiver.behave('/hook', { status: 410 });
    const replica = await lab.startReplica();
    await lab.ring(['a']);
    await expect
      .poll(async () => (await lab.webhooks.readEndpoint(endpoint.id)).state, soon)
      .toBe('disabled');
    await lab.ring(['unheard']);
    expect(await lab.webhooks.readEndpoint(endpoint.id)).toMatchObject({ stateReason: 'gone' });
    expect((await lab.webhooks.readAudit(endpoint.id))[0]).toMatchObject({
      action: 'disabled',
      by: 'trunkline',
      detail: 'it answered 410 Gone',
    });
    await expect
      .poll(() => lab.relayed.map(({ payload }) => payload).join('\n'), soon)
      .toMatch(/"webhook_update":\[\{.*"disabled".*"gone"/);
    await expect
      .poll(() => replica.metrics.exposition(), soon)
      .toMatch(/trunkline_webhook_endpoints\{state="disabled",app="test"\} 1/);

    await lab.receiver.behave('/hook', {});
    const replaySince = new Date(Date.now() - 3_600_000);
    const enabled = await lab.webhooks.enableEndpoint(endpoint.id, { by: 'ada', replaySince });
    expect(enabled).toMatchObject({ replayed: 1, endpoint: { state: 'enabled' } });
    await expect.poll(() => statuses(lab), soon).toEqual(['delivered', 'delivered']);
    const told = lab.receiver.heard('/hook', secret).slice(1);
    expect(told.map(({ type }) => type).sort()).toEqual(['new_call', 'webhook.gap']);
    expect(told.find(({ type }) => type === 'new_call')?.id).toBe(lab.receiver.heard('/hook', secret)[0]?.id);
  });

  it('for too long is disabled, unless anything succeeds meanwhile', async () => {
    await using lab = await createWebhookLab();
    const { endpoint } = await lab.add('/hook');
    await lab.receiver.behave('/hook', { status: 500 });
    await lab.startReplica({ tuning: { scheduleMs: Array.from({ length: 100 }, () => 50) } });
    await lab.ring(['a']);
    const failures = async () => (await lab.webhooks.readEndpoint(endpoint.id)).failures;
    await expect.poll(failures, soon).toBeGreaterThan(4);
    expect((await lab.webhooks.readEndpoint(endpoint.id)).state).toBe('enabled');
    await lab.rows(`update webhook_endpoint set failing_since = now() - interval '4 days 23 hours'`);
    const so = await failures();
    await expect.poll(failures, soon).toBeGreaterThan(so + 1);
    expect((await lab.webhooks.readEndpoint(endpoint.id)).state).toBe('enabled');
    await lab.rows(`update webhook_endpoint set failing_since = now() - interval '5 days 1 second'`);
    await expect
      .poll(async () => (await lab.webhooks.readEndpoint(endpoint.id)).state, soon)
      .toBe('disabled');
    expect(await lab.webhooks.readEndpoint(endpoint.id)).toMatchObject({
      stateReason: 'failing',
      backlog: 0,
    });
    expect(await statuses(lab)).toEqual(['discarded']);
    expect((await lab.webhooks.readAudit(endpoint.id))[0]?.detail).toMatch(
      /every delivery failed for long.*500/,
    );
  });
});

describe('a slow receiver', () => {
  it('has a few deliveries under way, over all replicas, and holds nobody else up', async () => {
    await using lab = await createWebhookLab();
    await lab.add('/slow', { parallel: 2 });
    await lab.receiver.behave('/slow', { delayMs: null });
    const quick = await lab.add('/quick');
    await Promise.all([lab.startReplica(), lab.startReplica()]);
    await lab.ring(names('call', 40));
    const arrived = () => lab.receiver.heard('/quick', quick.secret).length;
    await expect.poll(arrived, soon).toBe(40);
    expect(lab.receiver.received.filter(({ path }) => path === '/slow').length).toBeGreaterThan(0);
    const out = await lab.rows<{ count: number }>(
      `select count(*)::integer as count from webhook_delivery d join webhook_endpoint e on e.id = d.endpoint_id
       where e.parallel = 2 and d.status = 'out'`,
    );
    expect(out[0]?.count).toBeLessThanOrEqual(2);
  });

  it('that falls too far behind loses changes, and is told that it did', async () => {
    await using lab = await createWebhookLab();
    const { endpoint, secret } = await lab.add('/hook', { parallel: 1 });
    await lab.receiver.behave('/hook', { delayMs: 700 });
    const bounds = { disableAfterMs: 86_400_000, backlogMax: 6 };
    const replica = await lab.startReplica({ bounds });
    await lab.ring(names('call', 20));
    const told = () => lab.receiver.heard('/hook', secret);
    await expect.poll(() => told().some(({ type }) => type === 'webhook.gap'), soon).toBe(true);
    expect(told().find(({ type }) => type === 'webhook.gap')?.data).toMatchObject({ missed: 14 });
    await expect.poll(async () => (await lab.webhooks.readEndpoint(endpoint.id)).backlog, soon).toBe(0);
    expect(told().filter(({ type }) => type === 'new_call')).toHaveLength(6);
    expect(await replica.metrics.exposition()).toMatch(/trunkline_webhook_dropped_total\{app="test"\} 14/);
  });
});

describe('an operator', () => {
  it('replaces a secret, and either verifies for a day', async () => {
    await using lab = await createWebhookLab();
    const { endpoint, secret } = await lab.add('/hook');
    await lab.startReplica();
    const fresh = await lab.webhooks.rotateSecret(endpoint.id, { by: 'ada' });
    await lab.ring(['a']);
    await expect.poll(() => lab.receiver.received.length, soon).toBe(1);
    for (const either of [secret, fresh]) expect(lab.receiver.heard('/hook', either)).toHaveLength(1);
    await lab.rows(`update webhook_secret set expires_at = now() where expires_at is not null`);
    await lab.ring(['b']);
    await expect.poll(() => lab.receiver.received.length, soon).toBe(2);
    expect(lab.receiver.heard('/hook', fresh)).toHaveLength(2);
    expect(() => lab.receiver.heard('/hook', secret)).toThrow('No matching signature');
    expect(JSON.stringify(await lab.rows('select * from webhook_secret'))).not.toContain(fresh.slice(6));
  });

  it('tests an endpoint, also one that is disabled, without consequences for it', async () => {
    await using lab = await createWebhookLab();
    const { endpoint, secret } = await lab.add('/hook');
    await lab.receiver.behave('/hook', { status: 410 });
    await lab.webhooks.disableEndpoint(endpoint.id, { by: 'ada' });
    await lab.startReplica();
    const failing = await lab.webhooks.sendTest(endpoint.id);
    const statusOf = async (id: string) => (await lab.webhooks.readDelivery(id)).status;
    await expect.poll(() => statusOf(failing), soon).toBe('failed');
    await lab.receiver.behave('/hook', {});
    const good = await lab.webhooks.sendTest(endpoint.id);
    await expect.poll(() => statusOf(good), soon).toBe('delivered');
    expect(lab.receiver.heard('/hook', secret).map(({ type }) => type)).toEqual([
      'webhook.test',
      'webhook.test',
    ]);
    expect(await lab.webhooks.readEndpoint(endpoint.id)).toMatchObject({
      state: 'disabled',
      stateReason: 'asked',
      failures: 0,
      lastSuccessAt: null,
    });
  });

  it('has a delivery made again, under the same id', async () => {
    await using lab = await createWebhookLab();
    const { secret } = await lab.add('/hook');
    await lab.startReplica();
    await lab.ring(['a']);
    await expect.poll(() => statuses(lab), soon).toEqual(['delivered']);
    const [delivery] = await lab.deliveries();
    await lab.webhooks.redeliver(delivery?.id ?? '');
    await expect.poll(() => lab.receiver.received.length, soon).toBe(2);
    const [first, second] = lab.receiver.heard('/hook', secret);
    expect(second).toEqual(first);
    await expect.poll(() => statuses(lab), soon).toEqual(['delivered']);
    const { attemptsMade } = await lab.webhooks.readDelivery(delivery?.id ?? '');
    expect(attemptsMade.map(({ round, number }) => [round, number])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });
});

it('deliveries that ended long ago are forgotten, with their attempts', async () => {
  await using lab = await createWebhookLab();
  await lab.add('/hook');
  const replica = await lab.startReplica();
  await lab.ring(['old', 'new']);
  await expect.poll(() => statuses(lab), soon).toEqual(['delivered', 'delivered']);
  await replica.worker.stop();
  const [, old] = await lab.deliveries();
  await lab.rows(`update webhook_delivery set finished_at = now() - interval '25 hours' where id = $1`, [
    old?.id,
  ]);
  await lab.rows(`delete from housekeeping where task = 'webhook-log'`);
  await lab.startReplica();
  await expect.poll(() => statuses(lab), soon).toEqual(['delivered']);
  expect(await lab.rows('select from webhook_attempt')).toHaveLength(1);
});
