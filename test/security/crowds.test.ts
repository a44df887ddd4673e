import type { Socket } from 'node:net';
import { endings } from '@trunkline/realtime-protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rawRequest } from './support/raw-request.ts';
import { SecurityLab } from './support/security-lab.ts';
import { testTheLogs } from './support/test-the-logs.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const addressMax = 6;
const userMax = 3;
const topicsMax = 4;
const requestsOfAddress = 10;
const requestsOfUser = 15;
/** More than three minutes' worth, so that some are refused wherever the minute turns. */
const flood = 3;

let lab: SecurityLab;
beforeAll(async () => {
  lab = await SecurityLab.open({
    requestMs: 1_000,
    env: {
      TRUNKLINE_API_REQUESTS_PER_ADDRESS: String(requestsOfAddress),
      TRUNKLINE_API_REQUESTS_PER_USER: String(requestsOfUser),
    },
    tuning: (usual) => ({
      ...usual,
      headersMs: 1_000,
      perAddressMax: addressMax,
      perUserMax: userMax,
      sessions: { ...usual.sessions, authMs: 1_000, topicsMax },
    }),
  });
});
afterAll(() => lab[Symbol.asyncDispose]());

/** Says a little more now and then, for as long as somebody listens. */
const dripping = (begin: string, drop: string) => (socket: Socket) => {
  socket.write(begin);
  const timer = setInterval(() => socket.write(drop), 100);
  socket.once('close', () => clearInterval(timer));
};

describe('whoever says nothing, or too slowly, is cut off while nobody knows them', () => {
  const post =
    'POST /v1/calls HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n';
  const peers: Readonly<Record<string, (socket: Socket) => unknown>> = {
    'says nothing': () => undefined,
    'says half a line': (socket) => socket.write('GET /ws HT'),
    'says half of its headers': (socket) => socket.write('GET /ws HTTP/1.1\r\nhost: x\r\n'),
    'says its headers letter by letter': dripping('GET /ws HTTP/1.1\r\nhost: x\r\nx-slow: ', 'a'),
    'says header after header': dripping('GET /ws HTTP/1.1\r\nhost: x\r\n', 'a: b\r\n'),
  };
  const doors = { 'the API': () => lab.api.api.port, push: () => lab.pushPort };
  describe.each(Object.entries(doors))('by %s', (_door, portOf) => {
    it.each(Object.entries(peers))('who %s', async (_what, write) => {
      const { status } = await rawRequest(portOf(), write);
      expect([null, 408]).toContain(status);
    });
  });

  it('who sends a body byte by byte', async () => {
    // It may be told that it has no token before its time is up; it is cut off in any case.
    const { status } = await rawRequest(lab.api.api.port, dripping(post, 'x'));
    expect([null, 401, 408]).toContain(status);
  });

  it('who opens a WebSocket and never says who they are, however lively they are', async () => {
    const silent = lab.client({ isSilent: true });
    const lively = lab.client();
    await lively.hears('hello');
    const timer = setInterval(() => lively.webSocket.ping(), 100);
    try {
      for (const client of [silent, lively])
        expect(await client.ending()).toEqual({ code: endings.auth_required.code, reason: 'auth_required' });
    } finally {
      clearInterval(timer);
    }
  });
});

describe('whoever wants too much of push', () => {
  const tooMany = { code: endings.too_many_messages.code, reason: 'too_many_messages' };
  const floods = {
    messages: '{"type":"ping"}',
    'unknown messages': '{"type":"sing"}',
    subscriptions: '{"type":"subscribe","topics":[{"topic":"calls"}]}',
    'subscriptions that are refused': '{"type":"subscribe","topics":[{"topic":"user:bob"}]}',
    'tokens to renew': '{"type":"auth","token":"a.b.c"}',
    commands:
      '{"type":"command","id":"1","key":"1","expiresInMs":1,"command":{"kind":"acknowledge","notification":"n"}}',
  };
  it.each(Object.entries(floods))('by a flood of %s is cut off', async (_what, message) => {
    const client = await lab.connected();
    for (let index = 0; index < 300; index += 1) client.webSocket.send(message);
    expect(await client.ending()).toEqual(tooMany);
  });

  it('by guessing tokens has one guess a connection', async () => {
    const client = lab.client();
    await client.hears('hello');
    for (let index = 0; index < 20; index += 1) client.say({ type: 'auth', token: `a.b.${index}` });
    expect([4400, 4401]).toContain((await client.ending()).code);
    expect(client.of('connected')).toEqual([]);
  });

  it('by topics gets as many as it may have', async () => {
    const client = await lab.connected();
    const topics = Array.from({ length: 200 }, (_each, index) => ({ topic: `calls:${index}` }));
    client.say({ type: 'subscribe', topics });
    await client.until(() => client.of('error').length === topics.length - topicsMax);
    expect(new Set(client.of('error').map(({ kind }) => kind))).toEqual(new Set(['too_many_subscriptions']));
    await client[Symbol.asyncDispose]();
  });

  it('by connections of one user is refused the next one', async () => {
    const clients = [];
    for (let index = 0; index < userMax; index += 1) clients.push(await lab.connected({ sub: 'crowd' }));
    const next = lab.client({ token: await lab.token({ sub: 'crowd' }) });
    expect(await next.ending()).toEqual({ code: 4429, reason: 'too_many_connections' });
    for (const client of clients) await client[Symbol.asyncDispose]();
  });

  it('by connections of one address is refused, and others come in when they have gone', async () => {
    const comers = Array.from({ length: 4 * addressMax }, () => lab.client());
    await Promise.all(comers.map((comer) => comer.ending()));
    const refused = comers.filter((comer) => comer.refused === 429);
    expect(refused.length).toBeGreaterThanOrEqual(3 * addressMax);
    await vi.waitFor(
      async () => {
        const client = lab.client({ token: await lab.token({ sub: 'late' }) });
        await client.hears('connected');
        await client[Symbol.asyncDispose]();
      },
      { timeout: 60_000, interval: 200 },
    );
  });
});

describe('whoever wants too much of the API', () => {
  const asked = async (count: number, token?: string) => {
    const statuses = new Map<number, number>();
    for (let index = 0; index < count; index += 1) {
      const { status } = await lab.ask('/v1/pbxs', { token });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    return statuses;
  };

  it('without a good token is told to wait, and whoever has one is still served', async () => {
    const guesses = await asked(flood * requestsOfAddress, 'a.b.c');
    expect(new Set(guesses.keys())).toEqual(new Set([401, 429]));
    expect((await lab.ask('/v1/pbxs', { token: await lab.token({ sub: 'calm' }) })).status).toBe(200);
  });

  it('as one user is told to wait, with as many tokens as they like, and others are served', async () => {
    const statuses = await asked(flood * requestsOfUser, await lab.token({ sub: 'eager' }));
    expect(new Set(statuses.keys())).toEqual(new Set([200, 429]));
    expect((await lab.ask('/v1/pbxs', { token: await lab.token({ sub: 'patient' }) })).status).toBe(200);
  });
});

testTheLogs(() => lab);
