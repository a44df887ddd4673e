import type { TestClient } from '@trunkline/push/testing';
import { endings, type ProblemKind } from '@trunkline/realtime-protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hostileTokens, type HostileToken } from './support/hostile-tokens.ts';
import { SecurityLab } from './support/security-lab.ts';
import { testTheLogs } from './support/test-the-logs.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let lab: SecurityLab;
beforeAll(async () => {
  lab = await SecurityLab.open({
    tuning: (usual) => ({ ...usual, sessions: { ...usual.sessions, authMs: 3_000 } }),
  });
});
afterAll(() => lab[Symbol.asyncDispose]());

interface Entrance {
  readonly tried: (token: string) => Promise<unknown>;
  readonly refusal: (hostile: HostileToken) => unknown;
  readonly welcome: unknown;
}

const ofApi = ({ reason }: HostileToken) => ({ status: 401, reason });
const ofPush = ({ kind = 'auth_failed' }: HostileToken) => closed(kind);
const closed = (kind: ProblemKind) => ({ code: endings[kind].code, reason: kind });

async function askApi(method: string, path: string, token: string) {
  const { status, body } = await lab.ask(path, { method, token });
  return { status, ...(body['reason'] !== undefined && { reason: body['reason'] }) };
}

/** Either it is let in, or it is told how it ends. */
const letInOrEnded = (client: TestClient) =>
  client.hears('connected').then(
    () => 'in',
    () => client.ending(),
  );

async function askForEvents(token: string) {
  const url = `http://127.0.0.1:${lab.pushPort}/sse?topics=calls`;
  const asking = new AbortController();
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: asking.signal });
  const { status } = answer;
  const isLetIn = answer.ok;
  const body = isLetIn ? {} : ((await answer.json()) as { kind?: string });
  asking.abort();
  return { status, ...(body.kind !== undefined && { kind: body.kind }) };
}

/** Every way in that a token has. */
const entrances: Readonly<Record<string, Entrance>> = {
  'reading from the API': {
    tried: (token) => askApi('GET', '/v1/calls', token),
    refusal: ofApi,
    welcome: { status: 200 },
  },
  'asking the API to do something': {
    tried: (token) => askApi('POST', `/v1/pbxs/${lab.seeded.acme.pbx}/snapshot`, token),
    refusal: ofApi,
    welcome: { status: 202 },
  },
  'push, beside the subprotocol': {
    async tried(token) {
      const client = lab.client({ token });
      return letInOrEnded(client);
    },
    refusal: ofPush,
    welcome: 'in',
  },
  'push, in the first message': {
    async tried(token) {
      const client = lab.client();
      await client.hears('hello');
      client.say({ type: 'auth', token });
      return letInOrEnded(client);
    },
    refusal: ofPush,
    welcome: 'in',
  },
  'push, for an event stream': {
    tried: askForEvents,
    refusal: ({ kind = 'auth_failed' }) => ({ status: 401, kind }),
    welcome: { status: 200 },
  },
  'push, as the next token of a connection': {
    async tried(token) {
      const client = await lab.connected({ roles: ['agent'] });
      client.say({ type: 'auth', token });
      const answer = await client.until(() => client.of('renewed')[0] ?? client.of('error')[0]);
      client.say({ type: 'subscribe', topics: [{ topic: 'cleanup' }] });
      const told = await client.until(
        () => client.of('error').find(({ topic }) => topic === 'cleanup') ?? client.of('reset')[0],
      );
      const heard = [answer, told].map((each) => ('kind' in each ? each.kind : each.type));
      await client[Symbol.asyncDispose]();
      return heard;
    },
    // Nothing is gained by it: what the present token does not allow is still not allowed.
    refusal: () => ['renewal_failed', 'not_allowed'],
    welcome: ['renewed', 'reset'],
  },
};

const names = Object.keys(entrances);
const entranceOf = (name: string): Entrance => {
  const entrance = entrances[name];
  if (entrance === undefined) throw new Error(`${name} is no way in`);
  return entrance;
};

describe.each(Object.entries(hostileTokens))('a token %s', (_what, hostile) => {
  let token: string;
  beforeAll(async () => {
    token = lab.keepsSecret(await hostile.forge(lab));
  });
  it.each(names)('is refused by %s', async (name) => {
    const { tried, refusal } = entranceOf(name);
    expect(await tried(token)).toEqual(refusal(hostile));
  });
});

describe('a good token', () => {
  it.each(names)('is taken by %s', async (name) => {
    const { tried, welcome } = entranceOf(name);
    expect(await tried(await lab.token())).toEqual(welcome);
  });
});

describe('a token of which a copy is revoked while it is in use', () => {
  it('ends every connection, and the API does not know it any more', async () => {
    const token = await lab.token({ jti: 'stolen', sub: 'vic' });
    const client = lab.client({ token });
    await client.hears('connected');
    await lab.revoke({ tokenId: 'stolen' });
    expect(await client.ending()).toEqual(closed('auth_revoked'));
    expect(await askApi('GET', '/v1/calls', token)).toEqual({ status: 401, reason: 'revoked' });
  });
});

describe('a good token anywhere but where tokens belong', () => {
  const places = {
    'the query, as access_token': (token: string) => ({ query: `?access_token=${token}` }),
    'the query, as token': (token: string) => ({ query: `?token=${token}` }),
    'the query, as bearer': (token: string) => ({
      query: `?bearer=${token}&authorization=Bearer%20${token}`,
    }),
    'a cookie': (token: string) => ({ headers: { cookie: `access_token=${token}; trunkline=${token}` } }),
    'a header of another name': (token: string) => ({ headers: { 'x-access-token': token, token } }),
    'basic credentials': (token: string) => ({
      headers: { authorization: `Basic ${Buffer.from(`bearer:${token}`).toString('base64')}` },
      reason: 'malformed',
    }),
    'a list of credentials': (token: string) => ({
      headers: { authorization: `Bearer ${token}, Bearer ${token}` },
      reason: 'malformed',
    }),
  };
  type Place = { query?: string; headers?: Record<string, string>; reason?: string };

  it.each(Object.entries(places))('is no token: %s', async (_what, placed) => {
    const { query = '', headers = {}, reason = 'missing' }: Place = placed(await lab.token());
    for (const method of ['GET', 'POST']) {
      const answer = await lab.ask(`/v1/sweeps${query}`, { method, headers });
      expect([answer.status, answer.body['reason']]).toEqual([401, reason]);
    }
    expect(await lab.client({ path: `/ws${query}`, headers }).ending()).toEqual(closed('auth_required'));
  });
});

testTheLogs(() => lab);
