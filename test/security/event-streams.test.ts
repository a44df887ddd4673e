import { scopes } from '@trunkline/access';
import { tenants } from '@trunkline/api/testing';
import type { TestStream } from '@trunkline/push/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { allowedOrigin, SecurityLab } from './support/security-lab.ts';
import { testTheLogs } from './support/test-the-logs.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const userMax = 3;
const addressMax = 20;
const topicsMax = 8;

let lab: SecurityLab;
beforeAll(async () => {
  lab = await SecurityLab.open({
    tuning: (usual) => ({
      ...usual,
      perUserMax: userMax,
      perAddressMax: addressMax,
      sessions: { ...usual.sessions, topicsMax },
    }),
  });
});
afterAll(() => lab[Symbol.asyncDispose]());

const told = (stream: TestStream): string =>
  JSON.stringify(stream.heard.filter(({ type }) => type !== 'connected'));
const topics = ['calls', 'calls:1001', 'extensions', 'pbx', 'cleanup', 'user:ana', 'conversation:1'];

describe('another tenant’s things, by event streams', () => {
  let news = 0;
  /** Something happens at the other tenant in each topic, and then a call comes in here. */
  async function tellNews(): Promise<string> {
    news += 1;
    await lab.say('other', 'call.ringing', { call: `other-news-${news}`, extensions: ['1001'] });
    await lab.say('other', 'extension.changed', { extension: `other-phone-${news}`, status: 'ringing' });
    const payload = JSON.stringify({
      notification: [{ user: 'ana', notification: 'other-note' }],
      chat_message: [{ conversation: '1', text: 'other-chat' }],
    });
    await lab.feed.deliver([{ tenant: tenants.other, id: `${news}`, payload, traceparent: null }]);
    await lab.say('acme', 'call.ringing', { call: `acme-news-${news}`, extensions: ['1001'] });
    return `acme-news-${news}`;
  }
  const traces = () => {
    const { pbx, run } = lab.seeded.other;
    return [pbx, run, 'other-open', 'other-news', 'other-phone', 'other-note', 'other-chat', tenants.other];
  };

  it('are in no snapshot, no message, and in nothing that is replayed for one of their positions', async () => {
    const theirs = await lab.stream({ topics: topics.join() }, { tenant: tenants.other });
    await theirs.stands(...topics);
    const own = await lab.stream({ topics: topics.join() }, { scope: scopes.join(' ') });
    await own.stands(...topics);
    const call = await tellNews();
    await own.hears('new_call', ({ rows }) => rows.some((row) => row.call === call));
    await theirs.until(() => told(theirs).includes('other-chat'));
    const { lastEventId } = theirs;
    await Promise.all([theirs, own].map((stream) => stream[Symbol.asyncDispose]()));
    const thief = await lab.stream({ topics: topics.join(), lastEventId });
    await thief.stands(...topics);
    expect(new Set(thief.of('reset').map(({ reason }) => reason))).toEqual(new Set(['lost']));
    for (const trace of traces()) {
      expect(told(own)).not.toContain(trace);
      expect(told(thief)).not.toContain(trace);
    }
    expect(told(thief)).toContain('acme-open');
    await thief[Symbol.asyncDispose]();
  });

  it.each([
    ['user:bob', 403, 'not_allowed'],
    ['user:ana%3Ax', 403, 'not_allowed'],
    ['conversation:%40bob%2Fnotes', 403, 'not_allowed'],
    ['conversation:%40ana%20%2Fnotes', 403, 'not_allowed'],
    ['cleanup', 403, 'not_allowed'],
    ['calls,user:bob', 403, 'not_allowed'],
    [`${tenants.other}%2Fcalls`, 400, 'unknown_topic'],
    ['__proto__', 400, 'unknown_topic'],
    ['user:ana%00', 400, 'unknown_topic'],
    ['calls*', 400, 'unknown_topic'],
  ])('the topics %s are refused with %i, all of them', async (wanted, answered, kind) => {
    const stream = await lab.stream({ topics: wanted }, { roles: ['agent'] });
    expect(await stream.refusal()).toMatchObject({ answered, kind });
    expect(stream.heard).toEqual([]);
  });
});

it('a page of an origin that is not on the list gets nothing, with a good token or without, and its browser is told so', async () => {
  const origins = [
    'null',
    'http://crm.example',
    'https://crm.example:8443',
    'https://crm.example.evil.example',
    'https://evilcrm.example',
  ];
  for (const origin of origins) {
    for (const token of [await lab.token(), 'a.b.c']) {
      const stream = await lab.stream({ topics: 'calls', token, headers: { origin } });
      expect([origin, await stream.refusal()]).toMatchObject([origin, { answered: 403 }]);
      expect([origin, '*']).not.toContain((await stream.answer()).headers['access-control-allow-origin']);
    }
    const preflight = await lab.stream({
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-headers': 'authorization' },
    });
    expect([origin, '*']).not.toContain((await preflight.answer()).headers['access-control-allow-origin']);
  }
  const listed = await lab.stream({ topics: 'calls', headers: { origin: allowedOrigin } });
  await listed.stands('calls');
  expect((await listed.answer()).headers['access-control-allow-credentials']).toBeUndefined();
  await listed[Symbol.asyncDispose]();
});

describe('whoever wants too much of event streams', () => {
  it('as one user gets as many as they may have, with as many tokens as they like, and others come in', async () => {
    const mine = await Promise.all(
      Array.from({ length: userMax }, () => lab.stream({ topics: 'calls' }, { sub: 'crowd' })),
    );
    for (const stream of mine) await stream.stands('calls');
    for (let index = 0; index < 5; index += 1) {
      const next = await lab.stream({ topics: 'calls' }, { sub: 'crowd' });
      expect(await next.refusal()).toMatchObject({ answered: 429, kind: 'too_many_connections' });
    }
    const another = await lab.stream({ topics: 'calls' }, { sub: 'somebody else' });
    await another.stands('calls');
    for (const stream of [...mine, another]) await stream[Symbol.asyncDispose]();
  });

  it('by topics, or by their names, is refused as a whole', async () => {
    const many = await lab.stream({
      topics: Array.from({ length: topicsMax + 1 }, (_, index) => `calls:${index}`).join(),
    });
    expect(await many.refusal()).toMatchObject({ kind: 'too_many_subscriptions' });
    const long = await lab.stream({ topics: `calls:${'9'.repeat(3_000)}` });
    expect(Number((await long.refusal())['answered'])).toBeGreaterThanOrEqual(400);
    const forged = await lab.stream({
      topics: 'calls',
      lastEventId: Buffer.from('[["e","1-0",["user:bob"]]]').toString('base64url'),
    });
    await forged.stands('calls');
    expect(told(forged)).not.toContain('user:bob');
    await forged[Symbol.asyncDispose]();
  });

  it('of one address, by guessing tokens, is refused each time, and others come in when they have gone', async () => {
    const guesses = await Promise.all(
      Array.from({ length: 4 * addressMax }, (_, index) =>
        lab.stream({ topics: 'calls', token: `a.b.${index}` }),
      ),
    );
    const answers = await Promise.all(guesses.map((guess) => guess.answer()));
    const statuses = new Set(answers.map(({ statusCode }) => statusCode));
    expect([...statuses].every((status) => status === 401 || status === 429)).toBe(true);
    expect(guesses.flatMap(({ heard }) => heard)).toEqual([]);
    await Promise.all(guesses.map((guess) => guess[Symbol.asyncDispose]()));
    await vi.waitFor(
      async () => {
        const stream = await lab.stream({ topics: 'calls' }, { sub: 'late' });
        try {
          expect((await stream.answer()).statusCode).toBe(200);
        } finally {
          await stream[Symbol.asyncDispose]();
        }
      },
      { timeout: 60_000, interval: 200 },
    );
  });
});

testTheLogs(() => lab);
