import { testRedisUrl, uniquePrefix } from '@trunkline/backing-services/testing';
import { tenantId } from '@trunkline/domain';
import { createLogger, createRedisConnections } from '@trunkline/service-kit';
import { expect, it, vi } from 'vitest';
import {
  createRevocations,
  createTokenVerifier,
  isRevokedBy,
  readRevocation,
  revocationsChannel,
  type Revocation,
} from './index.ts';
import { testAudience, TestIssuer } from './testing/index.ts';

const logger = createLogger({ name: 'lab', level: 'silent', redactPhoneNumbers: false });
const [acme, other] = [
  tenantId('0d000000-0000-4000-8000-00000000000a'),
  tenantId('0d000000-0000-4000-8000-00000000000b'),
];
const lifeMsMax = 3_600_000;

it('a token or a user that was revoked is refused, told to who listens, and forgotten when no token can be left', async () => {
  await using issuer = await TestIssuer.start();
  await using redis = createRedisConnections({ url: testRedisUrl(), logger, name: 'lab' });
  const [connection, subscriber] = [redis.open('commands'), redis.open('subscriber')];
  await Promise.all([redis.whenReady(connection), redis.whenReady(subscriber)]);
  const prefix = uniquePrefix('access');
  const revocations = createRevocations({ connection, prefix, lifeMsMax });
  const verifier = createTokenVerifier({
    issuer: issuer.url,
    audience: testAudience,
    claims: { tenant: 'tenant', user: 'sub', scopes: 'scope', roles: 'roles' },
    lifeMsMax,
    revocations,
  });
  const heard: (Revocation | null)[] = [];
  subscriber.on('message', (_channel: string, text: string) => heard.push(readRevocation(text)));
  await subscriber.subscribe(revocationsChannel(prefix));

  const now = Math.floor(Date.now() / 1_000);
  const made = (claims: Record<string, unknown>) => issuer.token({ tenant: acme, sub: '{ana} b', ...claims });
  const [first, second] = [
    await made({ jti: 'first', iat: now - 60 }),
    await made({ jti: 'second', iat: now - 60 }),
  ];
  const [later, nameless] = [await made({ iat: now + 1 }), await made({ iat: now - 60 })];
  const [neighbour, namesake] = [
    await made({ sub: 'bob', iat: now - 60 }),
    await made({ tenant: other, iat: now - 60, jti: 'first' }),
  ];
  const letIn = async () => {
    const all = [first, second, later, nameless, neighbour, namesake].map(async (token) =>
      verifier.verify(token).then(
        () => 'in',
        (error: { kind: string }) => error.kind,
      ),
    );
    return Promise.all(all);
  };
  expect(await letIn()).toEqual(['in', 'in', 'in', 'in', 'in', 'in']);
  const ofToken = { tenant: acme, tokenId: 'first', at: now * 1_000 };
  await revocations.revokeTokens(ofToken);
  expect(await letIn()).toEqual(['revoked', 'in', 'in', 'in', 'in', 'in']);
  const ofUser = { tenant: acme, user: '{ana} b', at: now * 1_000 };
  await revocations.revokeTokens(ofUser);
  expect(await letIn()).toEqual(['revoked', 'revoked', 'in', 'revoked', 'in', 'in']);

  await vi.waitFor(() => expect(heard).toEqual([ofToken, ofUser]), { timeout: 10_000 });
  const keys = await connection.keys(`${prefix}*`);
  expect(keys).toHaveLength(2);
  for (const key of keys) {
    const keptMs = await connection.pttl(key);
    expect(keptMs).toBeGreaterThan(lifeMsMax);
    expect(keptMs).toBeLessThan(lifeMsMax + 120_000);
    expect(key).not.toContain('ana');
  }
});

it('what comes over the channel says whom it concerns', () => {
  const holder = { tenant: acme, user: 'ana', tokenId: 'one', issuedAt: 1_000 };
  expect(isRevokedBy(holder, { tenant: acme, user: 'ana', at: 1_000 })).toBe(true);
  expect(isRevokedBy(holder, { tenant: acme, user: 'ana', at: 999 })).toBe(false);
  expect(isRevokedBy(holder, { tenant: acme, user: 'bob', at: 1_000 })).toBe(false);
  expect(isRevokedBy(holder, { tenant: acme, tokenId: 'one', at: 0 })).toBe(true);
  expect(isRevokedBy(holder, { tenant: acme, tokenId: 'two', at: 0 })).toBe(false);
  expect(isRevokedBy(holder, { tenant: other, tokenId: 'one', at: 0 })).toBe(false);
  for (const text of ['', '{}', '7', '{"tenant":"a","at":1}']) expect(readRevocation(text)).toBeNull();
});
