import { connect } from 'node:net';
import { once } from 'node:events';
import { createRevocations } from '@trunkline/access';
import { makeKey } from '@trunkline/access/testing';

import { tenantId } from '@trunkline/domain';
import type { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { one, other, PushLab, rolesOf, type LabNode } from './testing/push-lab.ts';

vi.setConfig({ testTimeout: 120_000 });

let lab: PushLab;
let node: LabNode;
beforeAll(async () => {
  lab = await PushLab.open();
  node = await lab.node();
});
afterAll(() => lab[Symbol.asyncDispose]());

describe('[AUTH3] whoever has no good token is told why, and closed with its code', () => {
  const soon = Math.floor(Date.now() / 1_000);
  it.each([
    ['of another issuer', { iss: 'https://elsewhere.example' }, 'auth_failed'],
    ['for another audience', { aud: 'elsewhere' }, 'auth_failed'],
    ['that has expired', { iat: soon - 900, exp: soon - 60 }, 'auth_expired'],
    ['that is not valid yet', { nbf: soon + 3_600 }, 'auth_failed'],
    ['that names no tenant', { tenant: undefined }, 'auth_failed'],
    ['that lives for ever', { exp: undefined }, 'auth_failed'],
  ])('a token %s', async (_what, claims, kind) => {
    const client = node.client({ token: await lab.token(claims) });
    expect(await client.ending()).toEqual({ code: 4401, reason: kind });
    expect(client.heard.map(({ type }) => type)).toEqual(['hello', 'error']);
    expect(client.of('error')).toMatchObject([{ kind }]);
  });

  it('a token that somebody else has signed, or nobody', async () => {
    const foreign = await lab.issuer.token({ tenant: one }, { key: await makeKey() });
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'none' })}.${part({ tenant: one, sub: 'x', iat: soon, exp: soon + 60 })}.`;
    for (const token of [foreign, unsigned, 'a.b.c', 'x'.repeat(9_000)]) {
      const client = node.client({ token });
      expect(await client.ending()).toEqual({ code: 4401, reason: 'auth_failed' });
    }
  });

  it('a token that allows nothing', async () => {
    const client = node.client({ token: await lab.token({ roles: [] }) });
    expect(await client.ending()).toEqual({ code: 4403, reason: 'forbidden' });
  });

  it('a token in the address is no token, and is found in no log', async () => {
    const token = await lab.token();
    const quick = await lab.node({ tuning: { sessions: { authMs: 200 } } });
    const client = quick.client({ path: `/ws?token=${token}` });
    expect(await client.ending()).toEqual({ code: 4401, reason: 'auth_required' });
    await quick.connected();
    for (const text of [token, token.split('.')[2] ?? token]) {
      expect([...node.lines, ...quick.lines].join('\n')).not.toContain(text);
    }
  });

  it('no token at all, after a short while', async () => {
    const quick = await lab.node({ tuning: { sessions: { authMs: 200 } } });
    const client = quick.client();
    expect(await client.ending()).toEqual({ code: 4401, reason: 'auth_required' });
  });

  it('while nobody can say whether a token is good, it is asked to come again', async () => {
    await using own = await PushLab.open();
    const cut = await own.node();
    own.issuer.away = true;
    const client = cut.client({ token: await own.token() });
    expect(await client.ending()).toEqual({ code: 1013, reason: 'auth_unavailable' });
    expect(client.of('error')[0]?.retryAfterMs).toBeGreaterThan(0);
  });

  it('whoever asks for a topic before is closed', async () => {
    const client = node.client();
    await client.hears('hello');
    client.say({ type: 'subscribe', topics: [{ topic: 'calls' }] });
    expect(await client.ending()).toEqual({ code: 4401, reason: 'auth_required' });
  });
});

describe('a token', () => {
  it('[AUTH1] may come in the first message', async () => {
    const client = node.client();
    await client.hears('hello');
    client.say({ type: 'auth', token: await lab.token() });
    expect(await client.hears('connected')).toMatchObject({ user: 'ada', tenant: one });
  });

  it('[AUTH4] is renewed in place, and topics go on', async () => {
    const client = await node.connected({ exp: Math.floor(Date.now() / 1_000) + 30 });
    await client.subscribe('user:ada');
    client.say({ type: 'auth', token: await lab.token() });
    const { expiresInMs } = await client.hears('renewed');
    expect(expiresInMs).toBeGreaterThan(60_000);
    await lab.tell(one, { notification: [{ user: 'ada', notification: '1' }] });
    await client.hears('notification');
  });

  it.each([
    ['another user’s', { sub: 'bob' }],
    ['of another tenant', { tenant: other }],
    ['not good', { aud: 'elsewhere' }],
  ])('[AUTH4] that is %s renews nothing, and the present one still counts', async (_what, claims) => {
    const client = await node.connected();
    client.say({ type: 'auth', token: await lab.token(claims) });
    expect(await client.hears('error')).toMatchObject({ kind: 'renewal_failed' });
    await client.subscribe('user:ada');
  });

  it('[AUTH5] that allows less than before ends the topics that it does not allow', async () => {
    const client = await node.connected({ roles: ['operator'] });
    await client.subscribe('cleanup', 'pbx');
    client.say({ type: 'auth', token: await lab.token(rolesOf('calls:read')) });
    expect(await client.hears('error')).toMatchObject({ kind: 'not_allowed', topic: 'cleanup' });
    await lab.tell(one, { cleanup_run: [{ id: 'x' }] });
    await lab.tell(one, { 'pbx-connected': [{ pbx: 'p', version: '1', since: '2026-01-01T00:00:00Z' }] });
    await client.hears('pbx-connected');
    expect(client.of('cleanup_run')).toEqual([]);
  });

  it('[AUTH5] that expires closes', async () => {
    const client = await node.connected({ exp: Math.floor(Date.now() / 1_000) + 2 });
    expect(await client.ending()).toEqual({ code: 4401, reason: 'auth_expired' });
  });

  it('[AUTH5] that is revoked closes, on every node, and only whom it concerns', async () => {
    const second = await lab.node();
    const bystander = await node.connected({ sub: 'bob', jti: 'another' });
    const tabs = [await node.connected({ jti: 'it' }), await second.connected({ jti: 'it' })];
    const connection = lab.redis.open('commands');
    await lab.redis.whenReady(connection);
    const revocations = createRevocations({ connection, prefix: lab.prefix, lifeMsMax: 60_000 });
    await revocations.revokeTokens({ tenant: tenantId(one), tokenId: 'it', at: Date.now() });
    for (const tab of tabs) expect(await tab.ending()).toEqual({ code: 4401, reason: 'auth_revoked' });
    const again = node.client({ token: await lab.token({ jti: 'it' }) });
    expect(await again.ending()).toEqual({ code: 4401, reason: 'auth_revoked' });
    await bystander.subscribe('user:bob');
    await revocations.revokeTokens({ tenant: tenantId(one), user: 'bob', at: Date.now() + 1_000 });
    expect(await bystander.ending()).toEqual({ code: 4401, reason: 'auth_revoked' });
  });
});

describe('[CONN1] [CONN4] an upgrade', () => {
  it('without our subprotocol, elsewhere, or from a foreign page is refused', async () => {
    const token = await lab.token();
    const refusal = async (wishes: Parameters<LabNode['client']>[0]) => {
      const client = node.client(wishes);
      await client.ending();
      return client.refused;
    };
    expect(await refusal({ protocols: ['graphql-ws'] })).toBe(400);
    expect(await refusal({ token, path: '/elsewhere' })).toBe(404);
    expect(await refusal({ token, headers: { origin: 'https://evil.example' } })).toBe(403);
    const own = await node.connected({}, { headers: { origin: `http://127.0.0.1:${node.port}` } });
    await own[Symbol.asyncDispose]();
    const listed = await lab.node({ listen: { origins: ['https://crm.example'] } });
    await listed.connected({}, { headers: { origin: 'https://crm.example' } });
    const client = listed.client({ token, headers: { origin: `http://127.0.0.1:${listed.port}` } });
    await client.ending();
    expect(client.refused).toBe(403);
  });

  it('is answered with our subprotocol alone, never with the token', async () => {
    const client = await node.connected();
    expect(client.webSocket.protocol).toBe('trunkline.v1');
    expect(client.webSocket.extensions).toBe('');
  });

  it('beyond what one address may have is refused until others have gone', async () => {
    const small = await lab.node({ tuning: { perAddressMax: 2 } });
    const first = await small.connected();
    await small.connected();
    const third = small.client({ token: await lab.token() });
    await third.ending();
    expect(third.refused).toBe(429);
    const wrong = small.client({ protocols: ['other'] });
    await wrong.ending();
    await first[Symbol.asyncDispose]();
    await expect
      .poll(async () => {
        const again = small.client({ token: await lab.token() });
        const ended = again.ending().then(() => 'refused');
        return await Promise.race([
          again.hears('connected').then(
            () => 'in',
            () => 'refused',
          ),
          ended,
        ]);
      })
      .toBe('in');
  });

  it('behind a proxy of ours the address is the one that it saw', async () => {
    const proxied = await lab.node({ tuning: { perAddressMax: 1 }, listen: { proxies: 1 } });
    const from = (address: string) => ({ headers: { 'x-forwarded-for': `made-up, ${address}` } });
    await proxied.connected({}, from('10.0.0.1'));
    await proxied.connected({}, from('10.0.0.2'));
    const third = proxied.client({ token: await lab.token(), ...from('10.0.0.1') });
    await third.ending();
    expect(third.refused).toBe(429);
  });

  it('beyond what one user may have is closed, and asked to come later', async () => {
    const small = await lab.node({ tuning: { perUserMax: 1 } });
    await small.connected();
    await small.connected({ sub: 'bob' });
    await small.connected({ tenant: other });
    const second = small.client({ token: await lab.token() });
    expect(await second.ending()).toEqual({ code: 4429, reason: 'too_many_connections' });
    expect(second.of('error')[0]?.retryAfterMs).toBeGreaterThan(0);
  });

  it('beyond what the node serves is closed as overloaded', async () => {
    const small = await lab.node({ tuning: { connectionsMax: 1 } });
    await small.connected();
    const second = small.client({ token: await lab.token() });
    expect(await second.ending()).toEqual({ code: 1013, reason: 'overloaded' });
  });

  it('that never comes is waited for no longer than its time', async () => {
    const impatient = await lab.node({ tuning: { headersMs: 500 } });
    const silent = connect(impatient.port, '127.0.0.1');
    const slow = connect(impatient.port, '127.0.0.1');
    slow.write('GET /ws HTTP/1.1\r\nHost: x\r\n');
    await Promise.all([once(silent, 'close'), once(slow, 'close')]);
    const ordinary = await fetch(`http://127.0.0.1:${node.port}/ws`);
    expect(ordinary.status).toBe(426);
  });
});

describe('a client that breaks the rules', () => {
  const raw = (client: { webSocket: WebSocket }) => client.webSocket;

  it.each([
    ['no JSON', (socket: WebSocket) => socket.send('{'), 4400, 'malformed'],
    ['binary', (socket: WebSocket) => socket.send(Buffer.from('{"type":"ping"}')), 4400, 'malformed'],
    ['a broken message', (socket: WebSocket) => socket.send('{"type":"resume"}'), 4400, 'malformed'],
    ['too big a message', (socket: WebSocket) => socket.send('x'.repeat(33 * 1024)), 1009, ''],
    ['invalid text', (socket: WebSocket) => socket.send(Buffer.from([0xff]), { binary: false }), 1007, ''],
    [
      'a message in a thousand pieces',
      (socket: WebSocket) => {
        for (let index = 0; index < 1_000; index += 1) socket.send('x', { fin: false });
      },
      1008,
      '',
    ],
    [
      'a flood of messages',
      (socket: WebSocket) => {
        for (let index = 0; index < 200; index += 1) socket.send('{"type":"ping"}');
      },
      4429,
      'too_many_messages',
    ],
    [
      'a flood of pings of the transport',
      (socket: WebSocket) => {
        for (let index = 0; index < 200; index += 1) socket.ping();
      },
      4429,
      'too_many_messages',
    ],
  ])('%s is closed with its code', async (_what, misbehave, code, reason) => {
    const client = await node.connected();
    misbehave(raw(client));
    expect(await client.ending()).toEqual({ code, reason });
  });

  it('an unknown message is told and nothing else', async () => {
    const client = await node.connected();
    raw(client).send('{"type":"sing"}');
    expect(await client.hears('error')).toMatchObject({ kind: 'unknown_type' });
    await client.subscribe('user:ada');
  });

  it('topics beyond the limit are refused, and those before it go on', async () => {
    const small = await lab.node({ tuning: { sessions: { topicsMax: 2 } } });
    const client = await small.connected();
    client.say({
      type: 'subscribe',
      topics: ['imports:1', 'imports:2', 'imports:3'].map((topic) => ({ topic })),
    });
    expect(await client.hears('error')).toMatchObject({ kind: 'too_many_subscriptions', topic: 'imports:3' });
    await lab.tell(one, { import_progress: [{ import: '2', revision: 1 }] });
    await client.hears('import_progress');
  });

  it('[LIVE3] that says nothing for two and a half heartbeats is closed; one that answers is not', async () => {
    const quick = await lab.node({ tuning: { sessions: { heartbeatMs: 200 } } });
    const lively = await quick.connected();
    const silent = await quick.connected({}, { isSilent: true });
    expect(await silent.ending()).toEqual({ code: 4408, reason: 'heartbeat_missed' });
    await lively.until(() => lively.of('ping').length > 5);
    expect(quick.push.connections).toBe(1);
  });
});
