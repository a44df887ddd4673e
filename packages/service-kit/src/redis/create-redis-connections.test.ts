import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { runChild } from '../testing/child-process.ts';
import { createMemoryLogger } from '../testing/memory-logger.ts';
import { createRedisConnections } from './create-redis-connections.ts';

/** Nothing listens there. */
const NOWHERE = '127.0.0.1:1';
const redisProcess = new URL('./testing/redis-process.ts', import.meta.url);

test.each([`redis://${NOWHERE}`, `redis+cluster://${NOWHERE}`, `redis+sentinel://${NOWHERE}/x`])(
  'while %s is away everything closes, what waits settles, and the process ends by itself',
  async (url) => {
    await using child = runChild(redisProcess, { args: [url, 'away'] });
    expect(await child.ending()).toEqual({ code: 0, signal: null });
    expect(JSON.parse(child.output[0] ?? '')).toEqual({ opened: 6, left: 0, pending: 'rejected' });
    expect(child.errors).toEqual([]);
  },
);

test('commands fail at once while Redis is away', async () => {
  const { logger } = createMemoryLogger();
  await using connections = createRedisConnections({ url: `redis://${NOWHERE}`, logger, name: 'test' });
  await expect(connections.open('commands').get('x')).rejects.toThrow("Stream isn't writeable");
});

test('waiting for a connection ends at its deadline, and at once when all are closed', async () => {
  const { logger } = createMemoryLogger();
  const connections = createRedisConnections({ url: `redis://${NOWHERE}`, logger, name: 'test' });
  const connection = connections.open('commands');
  await expect(connections.whenReady(connection, 50)).rejects.toThrow(
    'connecting to Redis did not finish within 50 ms',
  );
  const waiting = connections.whenReady(connection);
  const [outcome] = await Promise.allSettled([waiting, connections.closeAll()]);
  expect(outcome).toMatchObject({ reason: new Error('the Redis connection was closed before it was ready') });
  await expect(connections.whenReady(connection)).rejects.toThrow('closed before it was ready');
});

test('a link that stays broken leaves one line in ten seconds, and the line holds no password', async () => {
  const { logger, entries, lines } = createMemoryLogger();
  let ms = 0;
  const connections = createRedisConnections({
    url: `redis://u:hunter2@${NOWHERE}`,
    logger,
    name: 'test',
    now: () => ms,
    random: () => 0,
  });
  const connection = connections.open('commands');
  const failures = async (count: number): Promise<void> => {
    for (let seen = 0; seen < count; seen += 1)
      await new Promise((resolve) => connection.once('error', resolve));
  };
  await failures(3);
  expect(entries).toHaveLength(1);
  ms = 10_000;
  await failures(1);
  expect(entries).toHaveLength(2);
  expect(entries[1]).toMatchObject({ level: 'warn', part: 'redis', purpose: 'commands', leftOut: 2 });
  await connections.closeAll();
  expect(entries).toHaveLength(2);
  expect(lines.join('')).not.toContain('hunter2');
});

test('nothing is opened after closeAll, and a duplicate that is made then is closed at once', async () => {
  const { logger } = createMemoryLogger();
  const connections = createRedisConnections({ url: `redis://${NOWHERE}`, logger, name: 'test' });
  const connection = connections.open('bullmq worker');
  await connections.closeAll();
  expect(() => connections.open('commands')).toThrow('after closeAll');
  const duplicate = (connection as Redis).duplicate();
  await new Promise((resolve) => duplicate.once('end', resolve));
  expect(connections.size).toBe(0);
});
