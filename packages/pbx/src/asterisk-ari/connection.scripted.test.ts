import { describe, expect, it } from 'vitest';
import { readCapture, received } from '../asterisk/testing/captures.ts';
import { testContext, testTarget } from '../asterisk/testing/contexts.ts';
import type { LinkTiming, PbxConnection } from '../port/connection.ts';
import type { Word } from '../port/words.ts';
import { asteriskAri } from './adapter.ts';
import { startScriptedAri, type Script } from './testing/scripted-ari.ts';

const everything = {
  name: 'trunkline',
  channel_ids: ['__AST_CHANNEL_ALL_TOPIC'],
  bridge_ids: ['__AST_BRIDGE_ALL_TOPIC'],
  endpoint_ids: ['__AST_ENDPOINT_ALL_TOPIC'],
  device_names: ['__AST_DEVICE_STATE_ALL_TOPIC'],
};

const captured = readCapture('j1').filter(({ transport }) => transport === 'ari-rest');
const capturedAnswer = (path: string) => {
  const line = captured.find((answer) => answer.path === `/ari${path}`);
  return { status: line?.status ?? 404, body: JSON.parse(line?.raw ?? '{}') as unknown };
};

/** The answers that the real PBX gave while 1001 and 1002 talked (on hold) and somebody rang 1003. */
const realAnswers: Script = (method, path) => {
  // A user that may not send events, which proves nothing.
  if (path.startsWith('/ari/events/user/')) return { status: 403, body: {} };
  if (path.startsWith('/ari/applications/trunkline')) return { status: 200, body: everything };
  const channel = /^\/ari\/channels\/([^/?]+)\/variable/.exec(path)?.[1];
  if (channel !== undefined)
    return { status: 200, body: { value: channel.replace(/\.5$/, '.4').replace(/\.7$/, '.6') } };
  if (path === '/ari/deviceStates/PJSIP/1002')
    return { status: 200, body: { name: 'PJSIP/1002', state: 'ONHOLD' } };
  if (method === 'DELETE') return { status: 204, body: '' };
  return capturedAnswer(path.replace('/ari', ''));
};

const answering =
  (changes: Script): Script =>
  (method, path, body) =>
    changes(method, path, body) ?? realAnswers(method, path, body);

async function connected(script: Script = realAnswers, timing: Partial<LinkTiming> = {}) {
  const server = await startScriptedAri(script);
  const { context, phases } = testContext(timing);
  const connection = await asteriskAri.connect(testTarget('asterisk-ari', server.address), context);
  return {
    server,
    connection,
    phases,
    [Symbol.asyncDispose]: async () => {
      await connection[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

const signal = new AbortController().signal;

async function refusal(script: Script, refuseUpgrade: number | null = null) {
  await using server = await startScriptedAri(script, refuseUpgrade);
  const { context } = testContext();
  return await asteriskAri.connect(testTarget('asterisk-ari', server.address), context).then(
    () => null,
    (error: unknown) => error,
  );
}

async function firstWords(connection: PbxConnection, count: number): Promise<Word[]> {
  const words: Word[] = [];
  for await (const word of connection.words()) if (words.push(word) === count) break;
  return words;
}

describe('connecting to a scripted ARI', () => {
  it('logs in by header, subscribes to everything and sets the filter', async () => {
    await using link = await connected();
    expect(link.phases).toEqual(['authenticating', 'connecting', 'subscribing']);
    expect(link.server.requests).toEqual([
      'GET /ari/asterisk/info',
      'GET /ari/events?app=trunkline&subscribeAll=true',
      'GET /ari/applications/trunkline',
      'PUT /ari/applications/trunkline/eventFilter',
    ]);
    expect([...link.server.authorizations]).toEqual([
      `Basic ${Buffer.from('trunkline:a secret').toString('base64')}`,
    ]);
    expect(link.connection.identity).toEqual({
      product: 'Asterisk 22.10.1',
      serial: '02:fc:00:00:00:01',
      startMark: '2026-11-20T18:22:13.970+0000',
      warnings: [],
    });
  });

  it('adds the subscriptions that subscribeAll did not bring', async () => {
    let subscribed = false;
    await using link = await connected(
      answering((method, path) => {
        if (method === 'POST') subscribed = true;
        return path === '/ari/applications/trunkline' && !subscribed
          ? { status: 200, body: { ...everything, bridge_ids: [], device_names: ['PJSIP/1001'] } }
          : null;
      }),
    );
    expect(link.server.requests).toContain(
      'POST /ari/applications/trunkline/subscription?eventSource=bridge%3A%2CdeviceState%3A',
    );
  });

  it('a filter that is refused is only a warning', async () => {
    await using link = await connected(
      answering((method) => (method === 'PUT' ? { status: 403, body: {} } : null)),
    );
    expect(link.connection.identity.warnings).toHaveLength(1);
  });

  it.each([
    ['credentials', 401],
    ['forbidden', 403],
    ['starting', 404],
    ['starting', 503],
    ['protocol', 500],
  ])('is told %s by HTTP %i', async (kind, status) => {
    expect(await refusal(() => ({ status, body: {} }))).toMatchObject({ fault: { kind } });
    expect(await refusal(realAnswers, status)).toMatchObject({ fault: { kind } });
  });

  it('is told of something else that answers there', async () => {
    expect(await refusal(() => ({ status: 200, body: 'hello' }))).toMatchObject({
      fault: { kind: 'protocol' },
    });
  });

  it('the secret is in no error', async () => {
    expect(String(await refusal(() => ({ status: 401, body: {} })))).not.toContain('a secret');
  });
});

describe('a link to a scripted ARI', () => {
  it('hands out what is said, and sets aside what can not be read', async () => {
    await using link = await connected();
    for (const { raw } of received(readCapture('a2'), 'ari').slice(0, 1)) link.server.say(raw);
    link.server.say('{"type":"ChannelDestroyed"}');
    link.server.say('{"type":"SomethingNew"}');
    const [word, unreadable] = await firstWords(link.connection, 2);
    expect(word).toMatchObject({ type: 'call.calling', payload: { call: 'trunkline-lab-1795198761.41' } });
    expect(unreadable).toEqual({
      kind: 'unreadable',
      raw: '{"type":"ChannelDestroyed"}',
      problem: 'has no channel with an id, a name and a state',
    });
    await expect
      .poll(() => link.connection.tally)
      .toMatchObject({ frames: 3, events: 1, unreadable: 1, unknown: 1 });
  });

  it('ends as replaced when another client takes the application', async () => {
    await using link = await connected();
    link.server.say('{"type":"ApplicationReplaced","application":"trunkline"}');
    expect((await link.connection.ended).fault).toEqual({ kind: 'replaced' });
    expect(await firstWords(link.connection, 1)).toEqual([]);
  });

  it('ends as silent when pings get no answer', async () => {
    await using link = await connected(realAnswers, { heartbeatEveryMs: 30, heartbeatAnswerMs: 60 });
    for (const socket of link.server.sockets) socket.pause();
    expect((await link.connection.ended).fault).toEqual({ kind: 'silent' });
  });

  it('lives on answered pings', async () => {
    await using link = await connected(realAnswers, { heartbeatEveryMs: 20, heartbeatAnswerMs: 5000 });
    await expect.poll(() => link.connection.tally.heartbeats).toBeGreaterThan(3);
  });

  it('ends as silent when the PBX has forgotten the application', async () => {
    let forgotten = false;
    await using link = await connected(
      answering((method, path) =>
        forgotten && method === 'GET' && path === '/ari/applications/trunkline'
          ? { status: 404, body: {} }
          : null,
      ),
      { heartbeatEveryMs: 20 },
    );
    forgotten = true;
    expect((await link.connection.ended).fault).toEqual({ kind: 'silent' });
  });

  it.each([
    ['takes our events and sends none of them to us', 204],
    ['knows no application to send our events to', 404],
  ])('ends as silent when the PBX %s', async (_, status) => {
    await using link = await connected(
      answering((method, path) =>
        method === 'POST' && path.startsWith('/ari/events/user/') ? { status, body: {} } : null,
      ),
      { heartbeatEveryMs: 20, answerMs: 100 },
    );
    expect((await link.connection.ended).fault).toEqual({ kind: 'silent' });
    expect(link.server.requests.filter((line) => line.startsWith('POST /ari/events/user/'))).toHaveLength(2);
  });

  it('one event of our own that is lost does not end it, and other events of the kind mean nothing', async () => {
    let asked = 0;
    const heard = { type: 'ChannelUserevent', eventname: 'TrunklineProbe' };
    await using link = await connected(
      answering((method, path, body) => {
        if (method !== 'POST' || !path.startsWith('/ari/events/user/')) return null;
        const { variables } = JSON.parse(body) as { variables: object };
        const userevent = { ...variables, eventname: 'TrunklineProbe' };
        link.server.say(JSON.stringify({ ...heard, eventname: 'Other', userevent }));
        if (asked++ % 2 === 1) link.server.say(JSON.stringify({ ...heard, userevent }));
        return { status: 204, body: {} };
      }),
      { heartbeatEveryMs: 20, answerMs: 100 },
    );
    await expect.poll(() => asked, { timeout: 10_000 }).toBeGreaterThan(5);
    expect(await Promise.race([link.connection.ended, Promise.resolve(null)])).toBeNull();
    expect(link.connection.tally.ignored).toBeGreaterThan(0);
  });

  it('ends as unreachable when the socket breaks, and as closed when we close it', async () => {
    await using link = await connected();
    for (const socket of link.server.sockets) socket.terminate();
    expect((await link.connection.ended).fault).toEqual({ kind: 'unreachable' });
    await using other = await connected();
    await other.connection[Symbol.asyncDispose]();
    expect((await other.connection.ended).fault).toEqual({ kind: 'closed' });
  });
});

describe('questions to a scripted ARI', () => {
  const [talking, ringing] = ['trunkline-lab-1795198944.4', 'trunkline-lab-1795198945.6'];

  it('the lists of a real PBX give its calls and phones', async () => {
    await using link = await connected();
    const { calls, extensions } = await link.connection.snapshot(signal);
    expect(calls).toMatchObject([
      {
        call: talking,
        status: 'held',
        caller: { number: '1001', name: 'Zoë van den Berg' },
        callee: { number: '1002' },
        route: { direction: 'internal' },
        extensions: ['1001', '1002'],
      },
      {
        call: ringing,
        status: 'ringing',
        caller: { number: '+31611223344' },
        route: { direction: 'inbound', trunk: 'pstn' },
        extensions: ['1003'],
      },
    ]);
    const statuses = Object.fromEntries(
      (extensions ?? []).map(({ extension, status }) => [extension, status]),
    );
    expect(statuses).toMatchObject({ 1001: 'incall', 1003: 'ringing', 1004: 'online', 1009: 'offline' });
    expect(extensions).toHaveLength(20);
  });

  it('a free phone that is not to be disturbed is busy', async () => {
    await using link = await connected(
      answering((_method, path) =>
        path === '/ari/deviceStates/PJSIP/1004'
          ? { status: 200, body: { name: 'PJSIP/1004', state: 'BUSY' } }
          : null,
      ),
    );
    const { extensions } = await link.connection.snapshot(signal);
    expect(extensions).toContainEqual({ extension: '1004', status: 'busy' });
    expect(extensions).toContainEqual({ extension: '1005', status: 'online' });
  });

  it('a channel that ends while it is asked about is left out', async () => {
    await using link = await connected(
      answering((_method, path) =>
        path.includes('945.') && path.includes('variable') ? { status: 404, body: {} } : null,
      ),
    );
    expect((await link.connection.snapshot(signal)).calls.map(({ call }) => call)).toEqual([talking]);
  });

  it.each(['/ari/channels', '/ari/bridges', '/ari/endpoints'])(
    'a list that fails fails all: %s',
    async (failing) => {
      await using link = await connected(
        answering((_method, path) => (path === failing ? { status: 500, body: {} } : null)),
      );
      await expect(link.connection.snapshot(signal)).rejects.toMatchObject({ name: 'RefusalError' });
    },
  );

  it('a list that is none fails all', async () => {
    await using link = await connected(
      answering((_method, path) => (path === '/ari/channels' ? { status: 200, body: {} } : null)),
    );
    await expect(link.connection.snapshot(signal)).rejects.toMatchObject({ fault: { kind: 'protocol' } });
  });

  it('a call is alive while a channel of it is, gone when none is, and unknown when that can not be told', async () => {
    await using link = await connected();
    expect(await link.connection.isAlive(ringing, signal)).toBe('alive');
    expect(await link.connection.isAlive('no-such-call', signal)).toBe('gone');
    await using broken = await connected(
      answering((_method, path) => (path.includes('variable') ? { status: 500, body: {} } : null)),
    );
    expect(await broken.connection.isAlive('no-such-call', signal)).toBe('unknown');
  });

  it('hangs up all channels of a call', async () => {
    await using link = await connected(
      answering((_method, path) =>
        /channels\/[^/]+$/.test(path.split('?')[0] ?? '') && !path.includes('reason')
          ? { status: 200, body: {} }
          : null,
      ),
    );
    await link.connection.snapshot(signal);
    expect(await link.connection.hangUp(talking, signal)).toBe('done');
    const ended = link.server.requests.filter((request) => request.startsWith('DELETE'));
    expect(ended.map((request) => request.split('?')[0])).toEqual([
      `DELETE /ari/channels/${talking}`,
      'DELETE /ari/channels/trunkline-lab-1795198944.5',
    ]);
    await using empty = await connected();
    expect(await empty.connection.hangUp('no-such-call', signal)).toBe('gone');
  });

  it('originates with an id of ours, and takes a repeated wish for the first one', async () => {
    let times = 0;
    await using link = await connected(
      answering((method) => (method === 'POST' ? { status: times++ === 0 ? 200 : 409, body: {} } : null)),
    );
    const wish = { from: '1001', to: '+31 6', callerName: 'Zoë "x"', id: 'wish-1' };
    expect(await link.connection.originate(wish, signal)).toEqual({ call: 'wish-1' });
    expect(await link.connection.originate(wish, signal)).toEqual({ call: 'wish-1' });
    const request = link.server.requests.find((line) => line.startsWith('POST'));
    expect(Object.fromEntries(new URL(`http://x${request?.slice(5)}`).searchParams)).toEqual({
      endpoint: 'PJSIP/1001',
      extension: '+31 6',
      context: 'from-internal',
      priority: '1',
      callerId: '"Zoë x" <1001>',
      timeout: '30',
      channelId: 'wish-1',
    });
  });

  it('tells why a wish was refused', async () => {
    await using link = await connected(
      answering((method) =>
        method === 'POST' ? { status: 500, body: { error: 'Allocation failed' } } : null,
      ),
    );
    await expect(link.connection.originate({ from: '1009', to: '1001', id: 'w' }, signal)).rejects.toThrow(
      'The PBX does not call 1009: Allocation failed (HTTP 500)',
    );
  });
});
