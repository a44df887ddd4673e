import { startRedisServer } from '@trunkline/backing-services/testing';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { createWorkerLab } from './testing/worker-lab.ts';

it.each([
  ['with its data', true],
  ['without its data', false],
])(
  'the schedule goes on after a restart of Redis %s',
  async (_how, durable) => {
    await using redis = await startRedisServer({ durable });
    await using lab = await createWorkerLab(redis.url);
    lab.servePbxs();
    const replica = await lab.startReplica({ timing: { everyMs: 1_000 } });
    lab.answers.set('before', 'gone').set('after', 'gone');
    await lab.addStuck(['before']);
    await expect.poll(() => lab.calls(), { timeout: 10_000 }).toEqual({ before: 'timeout_cleanup' });

    redis.kill('SIGKILL');
    await redis.exited();
    await expect.poll(async () => (await replica.health.readiness()).ready, { timeout: 10_000 }).toBe(false);
    await redis.restart();
    await lab.addStuck(['after']);
    await expect
      .poll(() => lab.calls(), { timeout: 20_000 })
      .toEqual({ before: 'timeout_cleanup', after: 'timeout_cleanup' });
    await expect.poll(async () => (await replica.health.readiness()).ready).toBe(true);
    expect(await lab.requests.readSchedule()).toMatchObject({ everyMs: 1_000 });
  },
  60_000,
);

it('the schedule is repaired where somebody has removed its next job', async () => {
  await using lab = await createWorkerLab();
  await lab.startReplica({ timing: { everyMs: 60_000 } });
  await expect.poll(async () => (await lab.requests.readSchedule())?.nextAt).toBeInstanceOf(Date);
  const keys = `${lab.prefix}:{stuck-calls}:stuck-calls`;
  const redis = new Redis(lab.redisUrl);
  const delayed = () => redis.zrange(`${keys}:delayed`, '0', '-1');
  const [next] = await delayed();
  expect(next).toMatch(/^repeat:sweep:/);
  await redis.del(`${keys}:${next}`);
  await redis.zrem(`${keys}:delayed`, next ?? '');
  await expect.poll(delayed, { timeout: 10_000 }).toHaveLength(1);
  redis.disconnect();
});
