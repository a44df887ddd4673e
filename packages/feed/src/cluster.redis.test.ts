import { startRedisCluster } from '@trunkline/backing-services/testing';
import { expect, it, vi } from 'vitest';
import { FeedLab } from './testing/feed-lab.ts';

it(
  'on a cluster each feed lies on its node, and is published there by sharded pub/sub',
  { timeout: 60_000 },
  async () => {
    await using cluster = await startRedisCluster();
    const hosts = cluster.nodes.map(({ host, port }) => `${host}:${port}`).join(',');
    await using lab = await FeedLab.open(`redis+cluster://:${cluster.redisOptions.password}@${hosts}`);
    const tenants = Array.from({ length: 12 }, (_, index) => `tenant-${index}`);
    const heard = await lab.listen(tenants);
    const messages = tenants.flatMap((tenant) => [lab.message(tenant), lab.message(tenant)]);
    await lab.feed.deliver(messages);
    await vi.waitFor(() => expect(heard).toHaveLength(messages.length), { timeout: 10_000 });

    const nodes = new Set<number>();
    for (const tenant of tenants) {
      const { stream, head, channel } = lab.keysOf(tenant);
      const slots = await Promise.all(
        [stream, head, channel].map((key) => lab.client.cluster('KEYSLOT', key)),
      );
      expect(new Set(slots).size).toBe(1);
      nodes.add(Math.floor((slots[0] ?? 0) / (16_384 / cluster.masters.length)));
      const entries = await lab.entries(tenant);
      const epoch = await lab.epochOf(tenant);
      expect(entries.map((entry) => entry?.id)).toEqual(
        messages.filter((message) => message.tenant === tenant).map(({ id }) => id),
      );
      const previous = ['0-0', entries[0]?.offset];
      for (const [index, entry] of entries.entries())
        expect(heard).toContainEqual({ ...entry, epoch, previous: previous[index] });
    }
    expect(nodes.size).toBeGreaterThan(1);
  },
);
