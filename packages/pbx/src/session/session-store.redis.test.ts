import { randomUUID } from 'node:crypto';
import { testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { createLogger, createRedisConnections } from '@trunkline/service-kit';
import { expect, it } from 'vitest';
import { createSessionStore } from './session-store.ts';

const logger = createLogger({ name: 'test', level: 'silent', redactPhoneNumbers: false });

it('keeps a session for whoever has the credential, encrypted, until it is worthless', async () => {
  await using redis = createRedisConnections({ url: testRedisUrl(), logger, name: 'test' });
  const connection = redis.open('commands');
  await redis.whenReady(connection);
  const pbx = randomUUID();
  const credential = { username: 'api', secret: 's3cret' };
  const options = { redis: connection, prefix: uniquePrefix('session'), pbx, logger, wallNow: () => 1_000 };
  const store = createSessionStore({ ...options, credential });

  expect(await store.read()).toBeNull();
  await store.write('token-1', 61_000);
  expect(await store.read()).toBe('token-1');
  expect(await createSessionStore({ ...options, credential: { ...credential } }).read()).toBe('token-1');
  expect(
    await createSessionStore({ ...options, credential: { ...credential, secret: 'new' } }).read(),
  ).toBeNull();

  const [key = ''] = await connection.keys(`${options.prefix}*`);
  expect(key).toContain(`{${pbx}}`);
  expect(await connection.get(key)).not.toContain('token');
  expect(await connection.pttl(key)).toBeGreaterThan(50_000);

  await store.write('worthless', 1_000);
  expect(await store.read()).toBe('token-1');
  await store.clear();
  expect(await store.read()).toBeNull();
});

it('costs no more than a login when Redis is away', async () => {
  await using redis = createRedisConnections({ url: testRedisUrl(), logger, name: 'test' });
  const connection = redis.open('commands');
  await redis.whenReady(connection);
  await redis.close(connection);
  const credential = { username: 'api', secret: 's3cret' };
  const store = createSessionStore({
    redis: connection,
    prefix: uniquePrefix('session'),
    pbx: randomUUID(),
    credential,
    logger,
    wallNow: Date.now,
  });
  expect(await store.read()).toBeNull();
  await store.write('token', Date.now() + 60_000);
  await store.clear();
});
