import { createHmac } from 'node:crypto';
import { exportSPKI, importJWK, type CryptoKey } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import {
  createTokenVerifier,
  roleScopes,
  type AccessProblem,
  type KeySourceTuning,
  type Principal,
  type TokenVerifier,
} from './index.ts';
import { makeKey, testAudience, TestIssuer } from './testing/index.ts';

const tenant = '0d000000-0000-4000-8000-00000000000a';
const claimNames = { tenant: 'tenant', user: 'sub', scopes: 'scope', roles: 'roles' };
const lifeMsMax = 3_600_000;

function verifierOf(
  issuer: TestIssuer,
  tuning: Partial<KeySourceTuning> = {},
  names = claimNames,
): TokenVerifier {
  return createTokenVerifier({
    issuer: issuer.url,
    audience: testAudience,
    claims: names,
    lifeMsMax,
    tuning: { pauseMs: 0, ...tuning },
  });
}

const refused = async (answer: Promise<Principal>): Promise<AccessProblem | 'let in'> =>
  answer.then(
    () => 'let in',
    (error: { kind: AccessProblem }) => error.kind,
  );

const seconds = (fromNow: number): number => Math.floor(Date.now() / 1_000) + fromNow;

describe('a good token', () => {
  it('says who it is', async () => {
    await using issuer = await TestIssuer.start();
    const [iat, exp] = [seconds(0), seconds(300)];
    const token = await issuer.token({
      sub: 'ana',
      tenant: tenant.toUpperCase(),
      jti: 'one',
      iat,
      exp,
      scope: 'openid calls:read made:up calls:readmore',
      roles: ['supervisor', 'emperor', 7],
    });
    expect(await verifierOf(issuer).verify(token)).toEqual({
      tenant,
      user: 'ana',
      scopes: new Set([
        'calls:read',
        'numbers:read',
        'calls:control',
        'recordings:read',
        'conversations:write',
        'contacts:read',
        'contacts:write',
      ]),
      expiresAt: exp * 1_000,
      tokenId: 'one',
      issuedAt: iat * 1_000,
    });
  });

  it.each(['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'])('may be signed with %s', async (algorithm) => {
    await using issuer = await TestIssuer.start();
    await issuer.rotate(algorithm);
    expect(await refused(verifierOf(issuer).verify(await issuer.token({ tenant })))).toBe('let in');
  });

  it('may keep scopes in a list and roles somewhere deep or under a name with dots', async () => {
    await using issuer = await TestIssuer.start();
    const names = { ...claimNames, roles: 'realm_access.roles', tenant: 'https://acme.example/tenant' };
    const token = await issuer.token({
      'https://acme.example/tenant': tenant,
      scope: ['platform:read'],
      realm_access: { roles: ['agent'] },
    });
    const { scopes } = await verifierOf(issuer, {}, names).verify(token);
    expect(scopes).toEqual(new Set(['platform:read', 'calls:read', 'conversations:write', 'contacts:read']));
  });

  it('without scopes allows nothing', async () => {
    await using issuer = await TestIssuer.start();
    const { scopes } = await verifierOf(issuer).verify(await issuer.token({ tenant }));
    expect(scopes).toEqual(new Set());
  });

  it('need not name its key when several are published', async () => {
    await using issuer = await TestIssuer.start();
    const second = await makeKey();
    await issuer.publish(second);
    const verifier = verifierOf(issuer);
    const header = { kid: undefined };
    expect(await refused(verifier.verify(await issuer.token({ tenant }, { key: second, header })))).toBe(
      'let in',
    );
    const stranger = await makeKey();
    expect(await refused(verifier.verify(await issuer.token({ tenant }, { key: stranger, header })))).toBe(
      'signature',
    );
  });
});

describe('is refused', () => {
  const wrong: readonly [string, AccessProblem, Record<string, unknown>][] = [
    ['another issuer', 'issuer', { iss: 'https://elsewhere.example' }],
    ['another audience', 'audience', { aud: 'somebody-else' }],
    ['no audience', 'audience', { aud: undefined }],
    ['an expired one', 'expired', { exp: seconds(-30) }],
    ['one for later', 'not_yet', { nbf: seconds(120) }],
    ['one that never ends', 'claims', { exp: undefined }],
    ['one that ends too late', 'claims', { exp: seconds(lifeMsMax / 1_000 + 60) }],
    ['one that does not say when it was made', 'claims', { iat: undefined }],
    ['no tenant', 'claims', { tenant: undefined }],
    ['a tenant that is none', 'claims', { tenant: 'acme' }],
    ['several tenants', 'claims', { tenant: [tenant, tenant] }],
    ['no user', 'claims', { sub: undefined }],
    ['a user with a NUL', 'claims', { sub: 'ana\u0000' }],
    ['a user on two lines', 'claims', { sub: 'ana\nbob' }],
    ['an id of half a character', 'claims', { jti: 'a\ud800' }],
  ];
  it.each(wrong)('%s', async (_what, problem, claims) => {
    await using issuer = await TestIssuer.start();
    expect(await refused(verifierOf(issuer).verify(await issuer.token({ tenant, ...claims })))).toBe(problem);
  });

  it('one that has just expired is let in for a moment, since clocks differ', async () => {
    await using issuer = await TestIssuer.start();
    const token = await issuer.token({ tenant, exp: seconds(-1) });
    expect(await refused(verifierOf(issuer).verify(token))).toBe('let in');
  });

  it('what is no token', async () => {
    await using issuer = await TestIssuer.start();
    const verifier = verifierOf(issuer);
    const good = await issuer.token({ tenant });
    expect(await refused(verifier.verify(undefined))).toBe('missing');
    expect(await refused(verifier.verify(''))).toBe('missing');
    for (const text of ['abc', 'a.b.c', `${good}.x`, 'x'.repeat(10_000)])
      expect(await refused(verifier.verify(text))).toBe('malformed');
  });

  it('a payload that was changed, and a key that is not published', async () => {
    await using issuer = await TestIssuer.start();
    const verifier = verifierOf(issuer);
    const [head, , signature] = (await issuer.token({ tenant })).split('.');
    const [, payload] = (await issuer.token({ tenant, scope: 'platform:write' })).split('.');
    expect(await refused(verifier.verify([head, payload, signature].join('.')))).toBe('signature');

    const stranger = await makeKey();
    expect(await refused(verifier.verify(await issuer.token({ tenant }, { key: stranger })))).toBe(
      'signature',
    );
    const posing = { ...stranger, kid: issuer.key.kid };
    expect(await refused(verifier.verify(await issuer.token({ tenant }, { key: posing })))).toBe('signature');
  });

  it('no signature at all', async () => {
    await using issuer = await TestIssuer.start();
    const [, payload] = (await issuer.token({ tenant })).split('.');
    for (const alg of ['none', 'None', 'NONE']) {
      const head = encoded({ alg, kid: issuer.key.kid });
      expect(await refused(verifierOf(issuer).verify(`${head}.${payload}.`))).toBe('algorithm');
    }
  });

  it('HS256 with the public key as the secret, in each form that it is published in', async () => {
    await using issuer = await TestIssuer.start();
    const { publicJwk, kid } = await issuer.rotate('RS256');
    const publicKey = (await importJWK(publicJwk, 'RS256', { extractable: true })) as CryptoKey;
    const [, payload] = (await issuer.token({ tenant })).split('.');
    const signed = `${encoded({ alg: 'HS256', kid })}.${payload}`;
    for (const secret of [await exportSPKI(publicKey), JSON.stringify(publicJwk), String(publicJwk.n)]) {
      const signature = createHmac('sha256', secret).update(signed).digest('base64url');
      expect(await refused(verifierOf(issuer).verify(`${signed}.${signature}`))).toBe('algorithm');
    }
  });

  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
});

describe("the issuer's keys", () => {
  it('are found by discovery, and asked for once', async () => {
    await using issuer = await TestIssuer.start();
    const verifier = verifierOf(issuer);
    const token = await issuer.token({ tenant });
    await Promise.all([verifier.verify(token), verifier.verify(token)]);
    await verifier.verify(token);
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('are not looked for when their place is set', async () => {
    await using issuer = await TestIssuer.start();
    const verifier = createTokenVerifier({
      issuer: issuer.url,
      audience: testAudience,
      jwksUri: `${issuer.url}/keys`,
      claims: claimNames,
      lifeMsMax,
    });
    await verifier.verify(await issuer.token({ tenant }));
    expect(issuer.asked).toEqual(['/keys']);
  });

  it('may be replaced', async () => {
    await using issuer = await TestIssuer.start();
    const verifier = verifierOf(issuer, { cooldownMs: 0 });
    const before = await issuer.token({ tenant });
    await verifier.verify(before);
    await issuer.rotate();
    expect(await refused(verifier.verify(await issuer.token({ tenant })))).toBe('let in');
    expect(await refused(verifier.verify(before))).toBe('signature');
  });

  it('are not asked for by each token that names an unknown one', async () => {
    await using issuer = await TestIssuer.start();
    const verifier = verifierOf(issuer);
    await verifier.verify(await issuer.token({ tenant }));
    const stranger = await makeKey();
    for (let turn = 0; turn < 5; turn += 1)
      await refused(verifier.verify(await issuer.token({ tenant }, { key: stranger })));
    expect(issuer.asked).toHaveLength(2);
  });

  it('that can’t be had are no verdict on the token', async () => {
    await using issuer = await TestIssuer.start();
    issuer.away = true;
    const verifier = verifierOf(issuer);
    const token = await issuer.token({ tenant });
    expect(await refused(verifier.verify(token))).toBe('unavailable');
    issuer.away = false;
    expect(await refused(verifier.verify(token))).toBe('let in');
  });

  it('are not asked for in a storm while they can’t be had', async () => {
    await using issuer = await TestIssuer.start();
    issuer.away = true;
    const verifier = verifierOf(issuer, { pauseMs: 60_000 });
    const token = await issuer.token({ tenant });
    for (let turn = 0; turn < 5; turn += 1) expect(await refused(verifier.verify(token))).toBe('unavailable');
    expect(issuer.asked).toHaveLength(1);
  });

  it('that we have serve while the issuer is away, and not for ever', async () => {
    await using issuer = await TestIssuer.start();
    const verifier = verifierOf(issuer, { freshMs: 0 });
    const hasty = verifierOf(issuer, { freshMs: 0, staleMs: 0 });
    const token = await issuer.token({ tenant });
    await Promise.all([verifier.verify(token), hasty.verify(token)]);
    issuer.away = true;
    expect(await refused(verifier.verify(token))).toBe('let in');
    expect(await refused(hasty.verify(token))).toBe('unavailable');
  });

  it('are not taken from whoever speaks for another issuer', async () => {
    await using issuer = await TestIssuer.start();
    issuer.speaksFor = 'https://elsewhere.example';
    expect(await refused(verifierOf(issuer).verify(await issuer.token({ tenant })))).toBe('unavailable');
  });
});

it('a revocation that can’t be looked up is no way in', async () => {
  await using issuer = await TestIssuer.start();
  const isRevoked = vi.fn<() => Promise<boolean>>().mockRejectedValue(new Error('Redis is away'));
  const verifier = createTokenVerifier({
    issuer: issuer.url,
    audience: testAudience,
    claims: claimNames,
    lifeMsMax,
    revocations: { isRevoked },
  });
  expect(await refused(verifier.verify(await issuer.token({ tenant })))).toBe('unavailable');
});

it('each role has what the one below it has', () => {
  const { agent, supervisor, operator, platform } = roleScopes;
  expect(agent).toEqual(['calls:read', 'conversations:write', 'contacts:read']);
  expect(supervisor).toEqual([
    ...agent,
    'numbers:read',
    'calls:control',
    'contacts:write',
    'recordings:read',
  ]);
  expect(operator).toEqual([...supervisor, 'recordings:delete', 'ops:read', 'ops:write']);
  expect(platform).toEqual([...operator, 'platform:read', 'platform:write']);
});
