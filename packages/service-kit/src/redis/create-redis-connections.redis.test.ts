import {
  startFaultProxy,
  startRedisCluster,
  startRedisSentinels,
  testRedisUrl,
  uniquePrefix,
  type FaultProxy,
  type TestRedisCluster,
  type TestRedisSentinels,
} from '@trunkline/backing-services/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runChild } from '../testing/child-process.ts';
import { createMemoryLogger, type MemoryLogger } from '../testing/memory-logger.ts';
import { createRedisConnections, type RedisConnections } from './create-redis-connections.ts';
import type { OpenOptions, PurposeName } from './redis-purposes.ts';
import type { RedisConnection } from './open-connection.ts';
import { parseRedisUrl, type StandaloneRedis } from './redis-target.ts';

const prefix = uniquePrefix('service-kit');
const redisProcess = new URL('./testing/redis-process.ts', import.meta.url);

function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => String(error),
  );
}

function target(): StandaloneRedis {
  const parsed = parseRedisUrl(testRedisUrl());
  if (parsed.kind !== 'standalone') throw new Error('the tests expect one server');
  return parsed;
}

test('after closeAll a process with a blocked read and a subscription ends by itself', async () => {
  await using child = runChild(redisProcess, { args: [testRedisUrl(), 'reachable'] });
  expect(await child.ending()).toEqual({ code: 0, signal: null });
  expect(JSON.parse(child.output[0] ?? '')).toEqual({ opened: 6, left: 0, pending: 'rejected' });
});

describe('through a link that breaks', () => {
  let proxy: FaultProxy;
  let connections: RedisConnections;
  let log: MemoryLogger;

  beforeEach(async () => {
    proxy = await startFaultProxy(target());
    log = createMemoryLogger();
    connections = createRedisConnections({
      url: { ...target(), host: '127.0.0.1', port: proxy.port },
      logger: log.logger,
      name: 'service-kit-test',
    });
  });
  afterEach(async () => {
    await connections.closeAll();
    await proxy[Symbol.asyncDispose]();
  });

  async function openReady(purpose: PurposeName, options?: OpenOptions): Promise<RedisConnection> {
    const connection = connections.open(purpose, options);
    await connections.whenReady(connection);
    return connection;
  }

  test('a command whose answer was lost settles at once and is not sent again', async () => {
    const commands = await openReady('commands');
    proxy.drop('down');
    const lost = commands.xadd(`${prefix}lost`, '*', 'seq', '1');
    const outcome = failureOf(lost);
    await new Promise((resolve) => setTimeout(resolve, 50));
    proxy.restore();
    proxy.reset();
    expect(await outcome).toContain('max retries per request');
    await connections.whenReady(commands);
    expect(await commands.xlen(`${prefix}lost`)).toBe(1);
    await commands.del(`${prefix}lost`);
    expect(log.entries.map(({ msg }) => msg)).toContain('a Redis connection is back');
  });

  test('a half-open link is noticed by the reader, whose read settles and who connects anew', async () => {
    const reader = await openReady('blocking reader', { blockMsMax: 20, socketTimeout: 150 });
    let left = 0;
    reader.on('close', () => (left += 1));
    proxy.drop('down');
    const read = reader.xread('BLOCK', 20, 'STREAMS', `${prefix}none`, '$');
    expect(await failureOf(read)).toContain('max retries per request');
    expect(left).toBeGreaterThan(0);
    proxy.restore();
    await connections.whenReady(reader);
    expect(await reader.xread('BLOCK', 20, 'STREAMS', `${prefix}none`, '$')).toBeNull();
  });

  test('a subscriber renews its subscriptions on return', async () => {
    const subscriber = await openReady('subscriber');
    const channel = `${prefix}channel`;
    await subscriber.subscribe(channel);
    proxy.reset();
    await new Promise((resolve) => subscriber.once('close', resolve));
    await connections.whenReady(subscriber);
    const heard = new Promise((resolve) =>
      subscriber.once('message', (_channel, message) => resolve(message)),
    );
    const commands = await openReady('commands');
    while ((await commands.publish(channel, 'again')) === 0);
    expect(await heard).toBe('again');
  });

  test('connections are named for service and purpose, duplicates included, and leave when they end', async () => {
    const worker = await openReady('bullmq worker');
    const duplicate = (worker as Redis).duplicate();
    await connections.whenReady(duplicate);
    const reader = await openReady('my own reader');
    expect(connections.size).toBe(3);
    expect(
      String(await worker.client('LIST'))
        .match(/name=service-kit-test:[\w-]+/g)
        ?.sort(),
    ).toEqual([
      'name=service-kit-test:bullmq-worker',
      'name=service-kit-test:bullmq-worker',
      'name=service-kit-test:my-own-reader',
    ]);
    await connections.close(reader);
    duplicate.disconnect();
    await new Promise((resolve) => duplicate.once('end', resolve));
    expect(connections.size).toBe(1);
  });

  test('closing waits for the answers of commands under way', async () => {
    const commands = await openReady('commands');
    const key = `${prefix}last`;
    const answers = Promise.all([commands.set(key, '1'), commands.incr(key), commands.del(key)]);
    await connections.closeAll();
    expect(await answers).toEqual(['OK', 2, 1]);
  });
});

test('queues and workers of BullMQ run on these connections, and the process ends by itself', async () => {
  await using child = runChild(new URL('./testing/bullmq-process.ts', import.meta.url), {
    args: [testRedisUrl(), `${prefix}bullmq`],
  });
  expect(await child.ending()).toEqual({ code: 0, signal: null });
  expect(JSON.parse(child.output[0] ?? '')).toEqual({ done: 'done: 7', left: 0 });
});

/** The answer to the first try that does not fail; the test's own time bounds it. */
async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describe('on a cluster', () => {
  let cluster: TestRedisCluster;
  let connections: RedisConnections;
  let url = '';

  beforeAll(async () => {
    cluster = await startRedisCluster();
    const nodes = cluster.nodes.map(({ host, port }) => `${host}:${port}`).join(',');
    url = `redis+cluster://:${cluster.redisOptions.password}@${nodes}`;
    connections = createRedisConnections({ url, logger: createMemoryLogger().logger, name: 'test' });
  });
  afterAll(async () => {
    await connections.closeAll();
    await cluster.stop();
  });

  test('commands find their shard', async () => {
    const commands = connections.open('commands');
    await connections.whenReady(commands);
    const keys = Array.from({ length: 12 }, (_, shard) => `trunkline:events:{${shard}}`);
    await Promise.all(keys.map((key) => commands.xadd(key, '*', 'seq', '1')));
    expect(await Promise.all(keys.map((key) => commands.xlen(key)))).toEqual(keys.map(() => 1));
  });

  test('a sharded subscription is heard', async () => {
    const subscriber = connections.open('subscriber');
    const commands = connections.open('commands');
    await Promise.all([connections.whenReady(subscriber), connections.whenReady(commands)]);
    const heard = new Promise((resolve) =>
      subscriber.once('smessage', (_channel, message) => resolve(message)),
    );
    await subscriber.ssubscribe('push:{7}');
    await commands.spublish('push:{7}', 'hello');
    expect(await heard).toBe('hello');
  });

  test('a command whose node went away is not tried on another', async () => {
    const commands = connections.open('commands');
    await connections.whenReady(commands);
    const key = '{pause}:lost';
    await commands.xlen(key);
    const pauses = cluster.masters.map(({ url }) => new Redis(url));
    await Promise.all(pauses.map((node) => node.client('PAUSE', 600, 'WRITE')));
    const lost = failureOf(commands.xadd(key, '*', 'seq', '1'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all(pauses.map((node) => node.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')));
    expect(await lost).toContain('Connection is closed');
    await Promise.all(pauses.map((node) => node.client('UNPAUSE')));
    for (const node of pauses) node.disconnect();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await untilAnswered(() => commands.xlen(key))).toBe(0);
  });

  test('after closeAll the process ends by itself', async () => {
    await using child = runChild(redisProcess, { args: [url, 'reachable'] });
    expect(await child.ending()).toEqual({ code: 0, signal: null });
    expect(JSON.parse(child.output[0] ?? '')).toEqual({ opened: 6, left: 0, pending: 'rejected' });
  });
});

describe('behind sentinels', () => {
  let sentinels: TestRedisSentinels;
  let connections: RedisConnections;

  beforeAll(async () => {
    sentinels = await startRedisSentinels();
    const { logger } = createMemoryLogger();
    connections = createRedisConnections({ url: sentinels.url, logger, name: 'test' });
  });
  afterAll(async () => {
    await connections.closeAll();
    await sentinels.stop();
  });

  test('all purposes are served, and after closeAll the process ends by itself', async () => {
    await using child = runChild(redisProcess, { args: [sentinels.url, 'reachable'] });
    expect(await child.ending()).toEqual({ code: 0, signal: null });
    expect(JSON.parse(child.output[0] ?? '')).toEqual({ opened: 6, left: 0, pending: 'rejected' });
  });

  test(
    'a fail-over is followed, and the master of before is none when it comes back',
    { timeout: 90_000 },
    async () => {
      const [master, replica] = sentinels.servers;
      const commands = connections.open('commands');
      const subscriber = connections.open('subscriber');
      await Promise.all([connections.whenReady(commands), connections.whenReady(subscriber)]);
      await subscriber.ssubscribe('push:{7}');
      await commands.set('kept', 'yes');
      await commands.wait(1, 5_000);
      master.kill('SIGKILL');
      await master.exited();
      expect(await untilAnswered(() => commands.set('new', 'yes'))).toBe('OK');
      // Sentinels hear of the new master from the one that chose it, a moment after clients may.
      await expect.poll(() => sentinels.masterPort(), { timeout: 30_000 }).toBe(replica.port);
      expect(await commands.mget('kept', 'new')).toEqual(['yes', 'yes']);
      await master.restart();
      const heard = new Promise((resolve) => {
        subscriber.once('smessage', (_channel, message) => resolve(message));
      });
      await untilAnswered(async () => {
        if ((await commands.spublish('push:{7}', 'hello')) === 0) throw new Error('nobody listens yet');
      });
      expect(await heard).toBe('hello');
      expect(await commands.mget('kept', 'new')).toEqual(['yes', 'yes']);
    },
  );
});
