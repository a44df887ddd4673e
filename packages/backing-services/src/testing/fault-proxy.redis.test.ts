import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFaultProxy, testRedisUrl } from '../testing.ts';
import type { FaultProxy } from '../testing.ts';

let proxy: FaultProxy;
let redis: Redis;

beforeEach(async () => {
  const { hostname, port } = new URL(testRedisUrl());
  proxy = await startFaultProxy({ host: hostname, port: Number(port) });
  redis = new Redis(proxy.through(testRedisUrl()), {
    commandTimeout: 300,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 20,
    autoResendUnfulfilledCommands: false,
  });
  redis.on('error', () => {});
  await redis.ping();
});

afterEach(async () => {
  redis.disconnect();
  await proxy.close();
});

describe('a fault proxy', () => {
  it('holds back while frozen and delivers when thawed, in order', async () => {
    proxy.freeze('down');
    await expect(redis.ping()).rejects.toThrow(/timed out/);
    const late = redis.echo('late');
    proxy.thaw();
    expect(await late).toBe('late');
  });

  it('resets connections, and new ones work', async () => {
    proxy.reset();
    await expect.poll(() => redis.ping().catch(() => 'away')).toBe('PONG');
  });

  it('lets a connection be cut once the request has gone on and before the answer comes back', async () => {
    proxy.watch((direction) => (direction === 'up' ? 'cut-after' : 'pass'));
    await expect(redis.ping()).rejects.toBeInstanceOf(Error);
    proxy.watch(null);
    await expect.poll(() => redis.ping().catch(() => 'away')).toBe('PONG');
  });

  it('swallows a single piece and lets what follows pass', async () => {
    const subscriber = redis.duplicate();
    const heard: string[] = [];
    subscriber.on('message', (_channel, text) => heard.push(text));
    const channel = `proxy-test-${process.pid}`;
    await subscriber.subscribe(channel);
    proxy.watch((direction, chunk) => (direction === 'down' && chunk.includes('lost') ? 'swallow' : 'pass'));
    for (const text of ['first', 'lost', 'last']) await redis.publish(channel, text);
    await expect.poll(() => heard).toEqual(['first', 'last']);
    subscriber.disconnect();
  });

  it('swallows data for good, and resets those that lost some', async () => {
    proxy.drop('up');
    await expect(redis.ping()).rejects.toThrow(/timed out/);
    proxy.restore();
    await expect.poll(() => redis.ping().catch(() => 'away')).toBe('PONG');
  });

  it('refuses new connections until it accepts again', async () => {
    proxy.refuse();
    proxy.reset();
    await expect(redis.ping()).rejects.toBeInstanceOf(Error);
    proxy.accept();
    await expect.poll(() => redis.ping().catch(() => 'away')).toBe('PONG');
  });
});
