import { testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { tenantId } from '@trunkline/domain';
import { createLogger, createRedisConnections, type RedisConnections } from '@trunkline/service-kit';
import { createWebhookKeys } from '@trunkline/webhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIdempotency, type Wish } from './idempotency.ts';

const logger = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });
let redis: RedisConnections;
beforeAll(() => {
  redis = createRedisConnections({ url: testRedisUrl(), logger, name: 'lab' });
});
afterAll(() => redis[Symbol.asyncDispose]());

const keysOf = (name: string) => createWebhookKeys(`${name}:${name.repeat(40)}`);
const principal = {
  tenant: tenantId('10000000-0000-4000-8000-00000000000a'),
  user: 'ana',
  scopes: new Set<never>(),
  tokenId: null,
  issuedAt: 0,
  expiresAt: 0,
};
const wish: Wish = { principal, key: 'k', content: 'POST /v1/webhooks', isSecret: true };
const answer = { status: 201, headers: {}, body: '{"secret":"whsec_x"}' };

it('an answer with a secret opens under its key, also behind a newer one, and else says what to do', async () => {
  const connection = redis.open('commands');
  await redis.whenReady(connection);
  const prefix = uniquePrefix('idempotency');
  const under = (keys: ReturnType<typeof keysOf> | undefined) =>
    createIdempotency({ connection, prefix, keys });
  const old = under(keysOf('a'));
  expect(await old.begin(wish)).toBeNull();
  await old.keep(wish, answer);
  expect(await old.begin(wish)).toEqual(answer);
  const both = createWebhookKeys(`b:${'b'.repeat(40)},a:${'a'.repeat(40)}`);
  expect(await under(both).begin(wish)).toEqual(answer);
  for (const keys of [keysOf('b'), undefined])
    await expect(under(keys).begin(wish)).rejects.toMatchObject({
      kind: 'conflict',
      more: { reason: 'sealed' },
      message: expect.stringContaining('rotate the secret') as string,
    });
});
