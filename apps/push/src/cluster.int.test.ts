import { startRedisCluster } from '@trunkline/backing-services/testing';
import { createRevocations } from '@trunkline/access';
import { tenantId } from '@trunkline/domain';
import { expect, it, vi } from 'vitest';
import { one, other, phone, PushLab } from './testing/push-lab.ts';

vi.setConfig({ testTimeout: 180_000 });

it('on a Redis Cluster feeds are heard by sharded pub/sub, replayed by another node, and revocations reach every node', async () => {
  await using cluster = await startRedisCluster();
  const hosts = cluster.nodes.map(({ host, port }) => `${host}:${port}`).join(',');
  const redisUrl = `redis+cluster://:${cluster.redisOptions.password}@${hosts}`;
  await using lab = await PushLab.open({ redisUrl });
  const [first, second] = [await lab.node(), await lab.node()];
  const ours = await first.connected();
  const theirs = await first.connected({ tenant: other });
  await ours.subscribe('extensions');
  await theirs.subscribe('extensions');
  await lab.tell(one, { extension_update: [phone({ extension: 'ours' })] });
  await lab.tell(other, { extension_update: [phone({ extension: 'theirs' })] });
  const { offset } = await ours.hears('extension_update');
  expect((await theirs.hears('extension_update')).rows).toMatchObject([{ extension: 'theirs' }]);
  const { epoch } = await ours.hears('reset');

  await lab.tell(one, { extension_update: [phone({ extension: 'later' })] });
  const moved = await second.connected();
  moved.say({ type: 'resume', topics: [{ topic: 'extensions', epoch, offset }] });
  expect(await moved.hears('replayed')).toMatchObject({ count: 1 });
  expect((await moved.hears('extension_update')).rows).toMatchObject([{ extension: 'later' }]);
  await expect.poll(async () => (await first.health.readiness()).ready, { timeout: 30_000 }).toBe(true);

  const connection = lab.redis.open('commands');
  await lab.redis.whenReady(connection);
  const revocations = createRevocations({ connection, prefix: lab.prefix, lifeMsMax: 60_000 });
  await revocations.revokeTokens({ tenant: tenantId(one), user: 'ada', at: Date.now() + 1_000 });
  for (const client of [ours, moved]) {
    expect(await client.ending()).toEqual({ code: 4401, reason: 'auth_revoked' });
  }
});
