import { startRedisServer, testRedisUrl } from '@trunkline/backing-services/testing';
import { Redis } from 'ioredis';
import type { WebhookDelivery } from '@trunkline/webhooks';
import { expect, it, vi } from 'vitest';
import { startReplicaProcess } from './testing/start-replica-process.ts';
import { createWebhookLab, testKey, type WebhookLab } from './testing/webhook-lab.ts';

vi.setConfig({ testTimeout: 120_000 });

const soon = { timeout: 60_000, interval: 30 };
const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const processFor = (lab: WebhookLab) =>
  startReplicaProcess({
    databaseUrl: lab.database.url,
    redisUrl: lab.redisUrl,
    prefix: lab.prefix,
    key: testKey,
  });
const countOf = async (lab: WebhookLab, wanted: (delivery: WebhookDelivery) => boolean): Promise<number> =>
  (await lab.deliveries()).filter(wanted).length;
const delivered = (lab: WebhookLab): Promise<number> => countOf(lab, ({ status }) => status === 'delivered');

/** Each call was told, and whatever came twice says so by its id. */
function expectAllTold(lab: WebhookLab, secret: string, calls: readonly string[]): void {
  const heard = lab.receiver.heard('/hook', secret);
  const idsOf = new Map(calls.map((call) => [call, new Set<string>()]));
  for (const { id, data } of heard) idsOf.get(String(data['call']))?.add(id);
  expect([...idsOf].map(([call, ids]) => [call, ids.size])).toEqual(calls.map((call) => [call, 1]));
}

it('a worker that is killed while it delivers loses nothing: another one delivers it again, under the same id', async () => {
  await using lab = await createWebhookLab();
  const { secret } = await lab.add('/hook');
  await lab.receiver.behave('/hook', { delayMs: null });
  const killed = await processFor(lab);
  await lab.ring(['a', 'b']);
  await expect.poll(() => lab.receiver.received.length, soon).toBe(2);
  await killed.kill();
  await lab.receiver.behave('/hook', {});
  await using _other = await processFor(lab);
  await expect.poll(() => delivered(lab), soon).toBe(2);
  expect(lab.receiver.received.length).toBeGreaterThanOrEqual(4);
  expectAllTold(lab, secret, ['a', 'b']);
});

it('workers that are killed one after the other, while changes come, deliver all of them', async () => {
  await using lab = await createWebhookLab();
  const { secret } = await lab.add('/hook', { parallel: 20 });
  await lab.receiver.behave('/hook', { delayMs: 20 });
  await using _steady = await processFor(lab);
  const calls: string[] = [];
  for (let round = 0; round < 4; round += 1) {
    const killed = await processFor(lab);
    const some = names(`round-${round}`, 40);
    calls.push(...some);
    await lab.ring(some);
    await expect.poll(() => lab.receiver.received.length, soon).toBeGreaterThan(calls.length - 30);
    await killed.kill();
  }
  await expect.poll(() => delivered(lab), soon).toBe(calls.length);
  expectAllTold(lab, secret, calls);
  expect(await lab.rows('select from webhook_message')).toEqual([]);
});

it('two replicas share the work', async () => {
  await using lab = await createWebhookLab();
  await lab.add('/hook', { parallel: 40 });
  await lab.receiver.behave('/hook', { delayMs: 100 });
  const replicas = await Promise.all([1, 2].map(() => lab.startReplica({ parallel: 2 })));
  await lab.ring(names('call', 30));
  await expect.poll(() => delivered(lab), soon).toBe(30);
  for (const { metrics } of replicas)
    expect(await metrics.exposition()).toMatch(/trunkline_webhook_attempts_total\{outcome="delivered"/);
  expect(lab.receiver.received).toHaveLength(30);
});

it('a Redis that is emptied loses nothing, neither what waits nor what is retried', async () => {
  await using redis = await startRedisServer();
  await using lab = await createWebhookLab(redis.url);
  const { secret } = await lab.add('/hook', { parallel: 3 });
  await lab.receiver.behave('/hook', { status: 500 });
  const calls = names('call', 12);
  const replica = await lab.startReplica({ tuning: { scheduleMs: [600_000, 600_000] } });
  await lab.ring(calls);
  const isRetried = ({ status }: WebhookDelivery): boolean => status === 'retrying';
  await expect.poll(() => countOf(lab, isRetried), soon).toBe(calls.length);
  const client = new Redis(redis.url);
  await client.flushall();
  client.disconnect();
  await lab.receiver.behave('/hook', {});
  // A test need not wait until the retries are due, and half a minute more until somebody looks for their jobs.
  await lab.rows('update webhook_delivery set next_attempt_at = now(), look_at = now()');
  await expect.poll(() => delivered(lab), soon).toBe(calls.length);
  expectAllTold(lab, secret, calls);
  expect(replica.log.some(({ msg }) => msg === 'deliveries had lost their jobs and got new ones')).toBe(true);
});

it('while Redis is away changes wait, and are delivered when it is back without its data', async () => {
  await using redis = await startRedisServer();
  await using lab = await createWebhookLab(redis.url);
  const { secret } = await lab.add('/hook');
  const replica = await lab.startReplica();
  redis.kill('SIGKILL');
  await redis.exited();
  await expect.poll(async () => (await replica.health.readiness()).ready, soon).toBe(false);
  await lab.ring(['a', 'b']);
  await expect.poll(async () => (await lab.deliveries()).length, soon).toBe(2);
  await redis.restart();
  const deliveredNow = async (): Promise<number> => {
    // Nobody here waits for half a minute until they are looked at.
    await lab.rows(`update webhook_delivery set look_at = now() where status = 'out'`);
    return delivered(lab);
  };
  await expect.poll(deliveredNow, { timeout: 60_000, interval: 500 }).toBe(2);
  expectAllTold(lab, secret, ['a', 'b']);
  await expect.poll(async () => (await replica.health.readiness()).ready, soon).toBe(true);
});

it('jobs hold ids and nothing else, so that Redis keeps nothing of a call', async () => {
  await using lab = await createWebhookLab();
  await lab.add('/hook');
  await lab.receiver.behave('/hook', { status: 500 });
  await lab.startReplica({ tuning: { scheduleMs: [3_600_000] } });
  await lab.ring(['secret-call']);
  await expect.poll(async () => (await lab.deliveries())[0]?.status, soon).toBe('retrying');
  const [delivery] = await lab.deliveries();
  const client = new Redis(testRedisUrl());
  const keys = await client.keys(`${lab.prefix}:{webhooks}:webhooks:${delivery?.id}.*`);
  const [job] = await Promise.all(keys.map((key) => client.hgetall(key)));
  client.disconnect();
  expect(JSON.parse(job?.['data'] ?? '')).toEqual({ delivery: delivery?.id, round: 1 });
  expect(JSON.stringify(job)).not.toContain('secret-call');
});

it('a stop lets deliveries finish, and puts back what takes too long for another replica', async () => {
  await using lab = await createWebhookLab();
  const { secret } = await lab.add('/hook');
  await lab.receiver.behave('/hook', { delayMs: 600 });
  const quick = await lab.startReplica();
  await lab.ring(['finishes']);
  await expect.poll(() => lab.receiver.received.length, soon).toBe(1);
  await quick.worker.stop();
  expect(await delivered(lab)).toBe(1);

  await lab.receiver.behave('/hook', { delayMs: null });
  const slow = await lab.startReplica({ tuning: { finishMs: 200, answerWithinMs: 60_000 } });
  await lab.ring(['is put back']);
  await expect.poll(() => lab.receiver.received.length, soon).toBe(2);
  await slow.worker.stop();
  expect(await delivered(lab)).toBe(1);
  await lab.receiver.behave('/hook', {});
  await lab.startReplica();
  await expect.poll(() => delivered(lab), soon).toBe(2);
  expectAllTold(lab, secret, ['finishes', 'is put back']);
});
