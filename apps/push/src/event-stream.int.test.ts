import { once } from 'node:events';
import { connect } from 'node:net';
import { createRevocations } from '@trunkline/access';
import { said } from '@trunkline/database/testing';
import { tenantId } from '@trunkline/domain';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { one, other, phone, PushLab, rolesOf, type LabNode } from './testing/push-lab.ts';
import type { StreamWishes, TestStream } from './testing/test-stream.ts';
import { waitFor } from './testing/wait-for.ts';

vi.setConfig({ testTimeout: 120_000 });

let lab: PushLab;
let node: LabNode;
beforeAll(async () => {
  lab = await PushLab.open();
  node = await lab.node();
});
afterAll(() => lab[Symbol.asyncDispose]());

const tellPhones = (tenant: string, extension: string, ...revisions: number[]) =>
  lab.tell(tenant, ...revisions.map((revision) => ({ extension_update: [phone({ extension, revision })] })));

const revisions = (stream: TestStream, extension: string) =>
  stream
    .of('extension_update')
    .flatMap(({ rows }) => rows)
    .filter((row) => row.extension === extension)
    .map(({ revision }) => revision);

describe('[SSE1] an event stream', () => {
  it('says what a socket says: hello, connected, the state of each topic, and what happens', async () => {
    const stream = await node.stream({ topics: 'extensions,calls:%2B49%2C7,user:ada&topics=pbx' });
    const { statusCode, headers } = await stream.answer();
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
    });
    await stream.stands('extensions', 'calls:+49,7', 'user:ada', 'pbx');
    expect(stream.heard.slice(0, 2).map(({ type }) => type)).toEqual(['hello', 'connected']);
    await tellPhones(one, 'said', 1, 2);
    await stream.until(() => revisions(stream, 'said').length === 2);
    expect(revisions(stream, 'said')).toEqual([1, 2]);
  });

  it('[TOPIC5] masks numbers for whoever may not see them, live and in snapshots', async () => {
    const caller = { number: '0301234567', name: 'Ada' };
    await lab.commit(said(1, 'call.ringing', { call: 'masked', caller }));
    const streams = await Promise.all([
      node.stream({ topics: 'calls' }, rolesOf('calls:read')),
      node.stream({ topics: 'calls' }),
    ]);
    await Promise.all(streams.map((stream) => stream.stands('calls')));
    await lab.commit(said(2, 'call.ringing', { call: 'masked too', caller }));
    const told = await Promise.all(
      streams.map(async (stream) => {
        const { rows: live } = await stream.hears('new_call');
        const { rows } = await stream.hears('snapshot');
        return [...(rows.call_update ?? []), ...live].map(({ callerNumber }) => callerNumber);
      }),
    );
    expect(told).toEqual([
      ['***567', '***567'],
      ['0301234567', '0301234567'],
    ]);
  });

  it('[SSE6] is kept alive by pings that need no answer, and counts as a connection', async () => {
    const quick = await lab.node({ tuning: { sessions: { heartbeatMs: 100 } } });
    const stream = await quick.stream({ topics: 'extensions' });
    await stream.stands('extensions');
    // Longer than two and a half heartbeats, in which it says nothing.
    await stream.until(() => stream.of('ping').length > 8);
    expect(stream.isOver).toBe(false);
    expect(quick.push.connections).toBe(1);
    await stream[Symbol.asyncDispose]();
    await waitFor(() => quick.push.connections === 0, 'the end of the session');
  });
});

describe('[SSE3] the id of an event', () => {
  it('goes on where it stood, on another node, without a gap or a duplicate', async () => {
    const second = await lab.node();
    const stream = await node.stream({ topics: 'extensions,pbx' });
    await stream.stands('extensions', 'pbx');
    await tellPhones(one, 'resumed', 1, 2, 3);
    await stream.until(() => revisions(stream, 'resumed').length === 3);
    await stream[Symbol.asyncDispose]();
    await tellPhones(one, 'resumed', 4, 5);
    const { lastEventId } = stream;
    const again = await second.stream({ topics: 'pbx,extensions', lastEventId });
    await again.stands('extensions', 'pbx');
    await tellPhones(one, 'resumed', 6);
    await again.until(() => revisions(again, 'resumed').includes(6));
    expect(revisions(again, 'resumed')).toEqual([4, 5, 6]);
    expect(again.of('reset')).toEqual([]);
  });

  it('also knows where quiet topics stand, by the pings', async () => {
    const quick = await lab.node({ tuning: { sessions: { heartbeatMs: 100 } } });
    const stream = await quick.stream({ topics: 'user:ada' });
    await stream.stands('user:ada');
    const before = stream.lastEventId;
    await tellPhones(one, 'elsewhere', 1);
    await stream.until(() => stream.lastEventId !== before);
    expect(stream.heard.at(-1)?.type).toBe('ping');
  });

  it.each([
    'nonsense',
    'W10',
    Buffer.from('[["e","1-0",[1]],["","x",["extensions"]]]').toString('base64url'),
  ])('that says nothing to us (%s) starts anew', async (lastEventId) => {
    const stream = await node.stream({ topics: 'extensions', lastEventId });
    expect(await stream.hears('reset')).toMatchObject({ reason: 'new' });
  });

  it('of another tenant leads nowhere but to the own state', async () => {
    const theirs = await node.stream({ topics: 'extensions' }, { tenant: other });
    await theirs.stands('extensions');
    await tellPhones(other, 'theirs', 1);
    await theirs.until(() => revisions(theirs, 'theirs').length === 1);
    const { lastEventId } = theirs;
    await tellPhones(other, 'theirs', 2);
    const mine = await node.stream({ topics: 'extensions', lastEventId });
    expect(await mine.hears('reset')).toMatchObject({ reason: 'lost' });
    await mine.stands('extensions');
    await tellPhones(one, 'mine', 1);
    await mine.until(() => revisions(mine, 'mine').length === 1);
    expect(JSON.stringify(mine.heard)).not.toContain('theirs');
  });

  it('gives no right: rights are checked when it comes back', async () => {
    const stream = await node.stream({ topics: 'cleanup' }, { roles: ['operator'] });
    await stream.stands('cleanup');
    const { lastEventId } = stream;
    const again = await node.stream({ topics: 'cleanup', lastEventId }, rolesOf('calls:read'));
    expect(await again.refusal()).toMatchObject({ answered: 403, kind: 'not_allowed' });
  });
});

describe('[SSE5] is refused before it begins', () => {
  const soon = Math.floor(Date.now() / 1_000);

  it.each<[string, StreamWishes, Record<string, unknown>, number, string]>([
    ['a bad signature', { token: 'a.b.c' }, {}, 401, 'auth_failed'],
    ['another scheme', { headers: { authorization: 'Basic abc' } }, {}, 401, 'auth_failed'],
    ['an expired token', {}, { iat: soon - 900, exp: soon - 60 }, 401, 'auth_expired'],
    ['another audience', {}, { aud: 'elsewhere' }, 401, 'auth_failed'],
    ['a token that allows nothing', {}, { roles: [] }, 403, 'forbidden'],
    ['another user’s topic', { topics: 'extensions,user:bob' }, {}, 403, 'not_allowed'],
    ['a topic beyond the scopes', { topics: 'cleanup' }, rolesOf('calls:read'), 403, 'not_allowed'],
    ['a topic that there is not', { topics: 'extensions,weather' }, {}, 400, 'unknown_topic'],
    ['no topic', { topics: '' }, {}, 400, 'malformed'],
    ['broken escapes', { topics: 'calls:%E0%' }, {}, 400, 'malformed'],
    ['too long an address', { topics: longTopics() }, {}, 400, 'too_many_subscriptions'],
    ['a foreign page', { headers: { origin: 'https://evil.example' } }, {}, 403, 'forbidden'],
  ])('%s', async (_what, wishes, claims, status, kind) => {
    const stream = await node.stream({ topics: 'extensions', ...wishes }, claims);
    const { headers } = await stream.answer();
    expect(headers['content-type']).toBe('application/problem+json');
    expect(headers['www-authenticate'] !== undefined).toBe(status === 401);
    expect(await stream.refusal()).toMatchObject({ answered: status, status, kind });
  });

  it('a token in the address, which is found in no log', async () => {
    const token = await lab.token();
    const headers = { authorization: '' };
    const path = `/sse?topics=extensions&access_token=${token}&token=${token}`;
    const stream = await node.stream({ path, headers });
    expect(await stream.refusal()).toMatchObject({ answered: 401 });
    expect(node.lines.join('\n')).not.toContain(token.split('.')[2]);
  });

  it('a topic that is not allowed is named by its kind, since its key has no business in logs', async () => {
    const stream = await node.stream({ topics: 'pbx,user:0301234567' });
    const { detail } = await stream.refusal();
    expect(detail).toContain('"user"');
    expect(node.lines.join('\n')).not.toContain('0301234567');
  });

  it('more topics than a connection may have', async () => {
    const small = await lab.node({ tuning: { sessions: { topicsMax: 2 } } });
    const stream = await small.stream({ topics: 'imports:1,imports:2,imports:3' });
    expect(await stream.refusal()).toMatchObject({ answered: 400, kind: 'too_many_subscriptions' });
  });

  it('connections beyond what an address, a user and a node may have; the next is let in when one has gone', async () => {
    const crowded = await lab.node({ tuning: { perAddressMax: 1 } });
    const first = await crowded.stream({ topics: 'extensions' });
    await first.stands('extensions');
    const second = await crowded.stream({ topics: 'extensions' });
    expect(await second.refusal()).toMatchObject({ answered: 429, retryAfter: '10' });
    await first[Symbol.asyncDispose]();
    await waitFor(() => crowded.push.connections === 0, 'the end of the session');
    const third = await crowded.stream({ topics: 'extensions' });
    await third.stands('extensions');

    const popular = await lab.node({ tuning: { perUserMax: 1 } });
    await (await popular.stream({ topics: 'extensions' })).stands('extensions');
    const again = await popular.stream({ topics: 'extensions' });
    expect(await again.refusal()).toMatchObject({ answered: 429, kind: 'too_many_connections' });

    const full = await lab.node({ tuning: { connectionsMax: 1 } });
    await (await full.stream({ topics: 'extensions' })).stands('extensions');
    const beyond = await full.stream({ topics: 'extensions' });
    expect(await beyond.refusal()).toMatchObject({ answered: 503, kind: 'overloaded' });
  });

  it('while nobody can say whether a token is good', async () => {
    await using own = await PushLab.open();
    const cut = await own.node();
    own.issuer.away = true;
    const stream = await cut.stream({ topics: 'extensions' });
    expect(await stream.refusal()).toMatchObject({ answered: 503, kind: 'auth_unavailable' });
  });

  it('another method; pages that may connect are told so beforehand', async () => {
    const post = await node.stream({ topics: 'extensions', method: 'POST' });
    expect((await post.answer()).statusCode).toBe(405);
    const origin = 'https://crm.example';
    const listed = await lab.node({ listen: { origins: [origin] } });
    const preflight = await listed.stream({ topics: 'pbx', method: 'OPTIONS', headers: { origin } });
    const { statusCode, headers } = await preflight.answer();
    expect(statusCode).toBe(204);
    expect(headers['access-control-allow-origin']).toBe(origin);
    expect(headers['access-control-allow-headers']).toContain('last-event-id');
    const stream = await listed.stream({ topics: 'pbx', headers: { origin } });
    expect((await stream.answer()).headers['access-control-allow-origin']).toBe(origin);
  });

  it('a second request behind the first on the same connection, and nothing of the two remains', async () => {
    const alone = await lab.node();
    const socket = connect(alone.port, '127.0.0.1');
    const head = `GET /sse?topics=pbx HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${await lab.token()}\r\n\r\n`;
    socket.write(head + head);
    socket.resume();
    await once(socket, 'close');
    await waitFor(() => alone.push.connections === 0, 'the end of the session');
  });
});

describe('[SSE4] it ends, with an error before', () => {
  it('when its token expires', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 5;
    const stream = await node.stream({ topics: 'extensions' }, { exp });
    await stream.ending();
    expect(stream.heard.at(-1)).toMatchObject({ type: 'error', kind: 'auth_expired' });
  });

  it('when its token is revoked', async () => {
    const stream = await node.stream({ topics: 'extensions' }, { jti: 'streamed' });
    await stream.stands('extensions');
    const connection = lab.redis.open('commands');
    await lab.redis.whenReady(connection);
    const revocations = createRevocations({ connection, prefix: lab.prefix, lifeMsMax: 60_000 });
    await revocations.revokeTokens({ tenant: tenantId(one), tokenId: 'streamed', at: Date.now() });
    await stream.ending();
    expect(stream.heard.at(-1)).toMatchObject({ type: 'error', kind: 'auth_revoked' });
  });

  it('when a topic can’t be served, so that the client comes back for it', async () => {
    let isBroken = true;
    const forTenant: typeof lab.database.forTenant = (...asked) => {
      if (isBroken) throw new Error('the database is away');
      return lab.database.forTenant(...asked);
    };
    const database = { forTenant, ping: () => lab.database.ping() };
    const cut = await lab.node({ database });
    const stream = await cut.stream({ topics: 'user:ada,extensions' });
    await stream.ending();
    expect(stream.of('error')).toMatchObject([{ kind: 'unavailable', topic: 'extensions' }]);
    expect(stream.retryMs).toBeGreaterThan(0);
    await waitFor(() => cut.push.connections === 0, 'the end of the session');
    isBroken = false;
    const again = await cut.stream({ topics: 'user:ada,extensions', lastEventId: stream.lastEventId });
    await again.stands('user:ada', 'extensions');
  });

  it('[LIVE5] when its node stops, after it was told its slot', async () => {
    const leaving = await lab.node();
    const stream = await leaving.stream({ topics: 'extensions' });
    await stream.stands('extensions');
    await leaving.push.stop();
    await stream.ending();
    expect(stream.of('moving')).toHaveLength(1);
    expect(stream.heard.at(-1)).toMatchObject({ type: 'error', kind: 'restarting' });
  });
});

describe('one that does not read', () => {
  const filler = 'x'.repeat(50_000);
  const rounds = 240;
  const queueBytesMax = 300_000;
  const streamBytes = 65_536 + 192 * 1_024;
  const small = {
    feeds: { ring: { lettersMax: 64 * 1_024 * 1_024 } },
    sessions: { outbox: { queueBytesMax } },
  } as const;

  it('[DATA3] costs a bounded memory, gets the newest of each state, and all events, when it reads again', async () => {
    const own = await lab.node({ tuning: small });
    const slow = await own.stream({ topics: 'extensions,user:ada' });
    await slow.stands('extensions', 'user:ada');
    slow.pause();
    let most = 0;
    for (let round = 1; round <= rounds; round += 1) {
      await lab.tell(one, {
        extension_update: [phone({ extension: 'slow', revision: round, name: filler })],
        notification: [{ user: 'ada', notification: `${round}`, text: filler }],
      });
      if (round % 20 === 0) most = Math.max(most, await bufferedBytes(own));
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(queueBytesMax + streamBytes);
    slow.resume();
    const notices = () => slow.of('notification').flatMap(({ rows }) => rows);
    await slow.until(() => notices().length === rounds && revisions(slow, 'slow').at(-1) === rounds);
    expect(notices().map(({ notification }) => Number(notification))).toEqual(
      Array.from({ length: rounds }, (_, index) => index + 1),
    );
    expect(revisions(slow, 'slow').length).toBeLessThan(rounds);
  });

  it('[SSE4] where its events are kept no longer the stream ends, and goes on from there', async () => {
    const own = await lab.node({ tuning: { ...small, feeds: { ring: { entriesMax: 5 } } } });
    const slow = await own.stream({ topics: 'user:ada' });
    await slow.stands('user:ada');
    slow.pause();
    for (let round = 1; round <= rounds; round += 1) {
      await lab.tell(one, { notification: [{ user: 'ada', notification: `${round}`, text: filler }] });
    }
    slow.resume();
    await slow.ending();
    expect(slow.of('reset').at(-1)).toMatchObject({ reason: 'slow', resumable: true });
    const again = await own.stream({ topics: 'user:ada', lastEventId: slow.lastEventId });
    const all = () =>
      [slow, again].flatMap((stream) => stream.of('notification').flatMap(({ rows }) => rows));
    await again.until(() => all().length >= rounds);
    expect(all().map(({ notification }) => Number(notification))).toEqual(
      Array.from({ length: rounds }, (_, index) => index + 1),
    );
  });

  it('[LIVE3] is ended when it has taken nothing for too long', async () => {
    const own = await lab.node({ tuning: { ...small, sessions: { ...small.sessions, heartbeatMs: 300 } } });
    const stuck = await own.stream({ topics: 'extensions' });
    await stuck.stands('extensions');
    stuck.pause();
    for (let round = 1; round <= rounds; round += 1) {
      await lab.tell(one, {
        extension_update: [phone({ extension: 'stuck', revision: round, name: filler })],
      });
    }
    await waitFor(() => own.push.connections === 0, 'the end of the session');
    expect(own.log.some(({ kind }) => kind === 'heartbeat_missed')).toBe(true);
  });
});

async function bufferedBytes(of: LabNode): Promise<number> {
  const lines = (await of.metrics.exposition()).split('\n');
  const line = lines.find((text) => text.startsWith('trunkline_push_buffered_bytes'));
  return Number(line?.split(' ').at(-1));
}

function longTopics(): string {
  return Array.from({ length: 12 }, (_, index) => `imports:${index}${'x'.repeat(200)}`).join(',');
}
