import { startRedisCluster } from '@trunkline/backing-services/testing';
import type { TestRedisCluster } from '@trunkline/backing-services/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTrimmer } from './index.ts';
import { labResync } from './testing/lab-effects.ts';
import { StreamLab } from './testing/stream-lab.ts';
import { until } from './testing/until.ts';

const none = { missing: [], extra: [], twice: [] };
const SOURCES = Array.from({ length: 20 }, (_, index) => `pbx-${index}`);

describe('on a Redis Cluster of three masters', () => {
  let cluster: TestRedisCluster;
  let url: string;

  beforeAll(async () => {
    cluster = await startRedisCluster();
    const hosts = cluster.nodes.map(({ host, port }) => `${host}:${port}`).join(',');
    url = `redis+cluster://:${cluster.redisOptions.password}@${hosts}`;
  });

  afterAll(() => cluster.stop());

  it('publishes, consumes by several replicas and trims', async () => {
    await using lab = await StreamLab.open({ shards: 6, redisUrl: url });
    await lab.addMany(SOURCES, 50);
    for (const replica of ['r1', 'r2', 'r3'])
      await lab.started('g', { replica, tuning: { batchEntriesMax: 50 } });
    await lab.addMany(SOURCES, 50, undefined, 51);
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual([]);

    const { prefix, shards, transactions, redis, logger, metrics } = lab;
    const trimmer = createTrimmer({
      groups: ['g'],
      prefix,
      shards,
      transactions,
      redis,
      logger,
      metrics,
      resync: labResync('t'),
      streamEntriesMax: 10_000,
    });
    const lengths = () =>
      Promise.all(Array.from({ length: shards }, (_, shard) => lab.client.xlen(lab.keys.events(shard))));
    await until(async () => {
      await trimmer.trim();
      return (await lengths()).every((length) => length === 0);
    });
    await trimmer.stop();
    const slots = Array.from({ length: shards }, (_, shard) =>
      lab.client.cluster('KEYSLOT', lab.keys.events(shard)),
    );
    const owners = new Set((await Promise.all(slots)).map((slot) => Math.floor(slot / (16_384 / 3))));
    expect(owners.size).toBeGreaterThan(1);
  });

  it('is woken by a new event on every master', async () => {
    await using lab = await StreamLab.open({ shards: 6, redisUrl: url });
    await lab.addMany(SOURCES, 1);
    await lab.started('g', { tuning: { blockMs: 20_000 } });
    await lab.untilAllApplied('g');
    await sleep(200);
    const startedAt = performance.now();
    await lab.addMany(SOURCES, 1, undefined, 2);
    await lab.untilAllApplied('g');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('goes on when a master dies and comes back with its data', { timeout: 60_000 }, async () => {
    await using lab = await StreamLab.open({ shards: 6, redisUrl: url });
    await lab.started('g');
    const publisher = lab.publisher();
    await lab.addMany(SOURCES, 20, publisher);
    const [master] = cluster.masters;
    master?.kill('SIGKILL');
    await master?.exited();
    const published = lab.addMany(SOURCES, 20, publisher, 21);
    await sleep(500);
    await master?.restart();
    await published;
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual([]);
  });
});
