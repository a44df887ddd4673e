import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readCapture, received } from '../asterisk/testing/captures.ts';
import { testContext, testTarget } from '../asterisk/testing/contexts.ts';
import type { LinkTiming, PbxConnection } from '../port/connection.ts';
import type { Word } from '../port/words.ts';
import { asteriskAmi } from './adapter.ts';
import { headerOf } from './header.ts';
import { banner, startScriptedAmi, type Action, type Script } from './testing/scripted-ami.ts';

const fullyBooted =
  'Event: FullyBooted\r\nPrivilege: system,all\r\nUptime: 5\r\nLastReload: 5\r\nStatus: Fully Booted';

const captured = received(readCapture('j1'), 'ami')
  .map(({ raw }) => raw)
  .join('')
  .split('\r\n\r\n');

/** What the real PBX answered to an action, with our ActionID. */
function realAnswer(action: Action): string[] {
  const lists: Readonly<Record<string, string>> = {
    CoreShowChannels: 'lab-3',
    DeviceStateList: 'lab-4',
    ExtensionStateList: 'lab-5',
    BridgeList: 'lab-6',
    CoreStatus: 'lab-7',
    CoreSettings: 'lab-8',
  };
  const id = lists[action['Action'] ?? ''];
  if (id === undefined)
    return [`Response: Error\r\nActionID: ${action['ActionID'] ?? ''}\r\nMessage: Invalid/unknown command`];
  return captured
    .filter((text) => headerOf(text, 'ActionID') === id)
    .map((text) => text.replace(`ActionID: ${id}`, `ActionID: ${action['ActionID'] ?? ''}`));
}

const success = (action: Action, more = ''): string[] => [
  `Response: Success\r\nActionID: ${action['ActionID'] ?? ''}${more}\r\nMessage: ok`,
];
const refused = (action: Action, message: string): string[] => [
  `Response: Error\r\nActionID: ${action['ActionID'] ?? ''}\r\nMessage: ${message}`,
];

const realAnswers: Script = (action) => {
  if (action['Action'] === 'Challenge') return success(action, '\r\nChallenge: 123456');
  if (action['Action'] === 'Login') return [...success(action), fullyBooted];
  if (action['Action'] === 'Ping') return success(action, '\r\nPing: Pong');
  return ['Filter', 'Hangup', 'Originate'].includes(action['Action'] ?? '')
    ? success(action)
    : realAnswer(action);
};

const answering =
  (changes: (action: Action) => readonly string[] | undefined): Script =>
  (action, socket) =>
    changes(action) ?? realAnswers(action, socket);

async function connected(script: Script = realAnswers, timing: Partial<LinkTiming> = {}) {
  const server = await startScriptedAmi(script);
  const { context, phases } = testContext(timing);
  const connection = await asteriskAmi.connect(testTarget('asterisk-ami', server.address), context);
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

async function refusal(script: Script, greeting: string | null = banner, timing: Partial<LinkTiming> = {}) {
  await using server = await startScriptedAmi(script, greeting);
  const { context } = testContext(timing);
  return await asteriskAmi.connect(testTarget('asterisk-ami', server.address), context).then(
    () => null,
    (error: unknown) => error,
  );
}

async function firstWords(connection: PbxConnection, count: number): Promise<Word[]> {
  const words: Word[] = [];
  for await (const word of connection.words()) if (words.push(word) === count) break;
  return words;
}

describe('connecting to a scripted AMI', () => {
  it('logs in by challenge, waits for FullyBooted, and asks for what it needs only', async () => {
    await using link = await connected();
    expect(link.phases).toEqual(['connecting', 'authenticating', 'subscribing']);
    const login = link.server.actions.find(({ Action: name }) => name === 'Login');
    expect(login).toMatchObject({
      Username: 'trunkline',
      AuthType: 'MD5',
      Key: createHash('md5').update('123456a secret').digest('hex'),
      Events: 'system,call',
    });
    expect(JSON.stringify(link.server.actions)).not.toContain('a secret');
    expect(link.connection.identity).toEqual({
      product: 'Asterisk 22.10.1',
      serial: null,
      startMark: '2026-11-20 18:22:13',
      warnings: [],
    });
    const ids = link.server.actions.map(({ ActionID: id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([
    ['credentials', 'Authentication failed'],
    ['crowded', 'Login Already In Use'],
    ['forbidden', 'Permission denied'],
    ['protocol', 'Something else'],
  ])('is told %s by "%s"', async (kind, message) => {
    const script = answering((action) =>
      action['Action'] === 'Login' ? refused(action, message) : undefined,
    );
    expect(await refusal(script)).toMatchObject({ fault: { kind } });
  });

  it('a PBX that does not say that it is booted is starting', async () => {
    const script = answering((action) => (action['Action'] === 'Login' ? success(action) : undefined));
    expect(await refusal(script, banner, { answerMs: 100 })).toMatchObject({ fault: { kind: 'starting' } });
  });

  it.each([['HTTP/1.1 400 Bad Request\r\n'], [null]])('greeted by %j it is no AMI', async (greeting) => {
    expect(await refusal(realAnswers, greeting, { answerMs: 100 })).toMatchObject({
      fault: { kind: 'protocol' },
    });
  });

  it('a connection that is closed in the middle of the login is unreachable', async () => {
    const script: Script = (_action, socket) => {
      socket.destroy();
      return null;
    };
    expect(await refusal(script)).toMatchObject({ fault: { kind: 'unreachable' } });
  });

  it('ends as closed when we give up', async () => {
    const controller = new AbortController();
    await using server = await startScriptedAmi(() => null);
    const { context } = testContext({}, controller.signal);
    const connecting = asteriskAmi.connect(testTarget('asterisk-ami', server.address), context);
    await expect.poll(() => server.actions.length).toBe(1);
    controller.abort();
    await expect(connecting).rejects.toMatchObject({ fault: { kind: 'closed' } });
    await expect.poll(() => server.sockets.size).toBe(0);
  });
});

describe('a link to a scripted AMI', () => {
  it('hands out what is said, and sets aside what can not be read', async () => {
    await using link = await connected();
    const before = link.connection.tally.frames;
    const newchannel = received(readCapture('a2'), 'ami')
      .map(({ raw }) => raw)
      .join('')
      .split('\r\n\r\n')
      .find((text) => text.startsWith('Event: Newchannel'));
    link.server.say(newchannel ?? '', 'Event: Hangup\r\nCause: 16', 'Event: SomethingNew\r\nA: b');
    expect(await firstWords(link.connection, 2)).toMatchObject([
      { type: 'call.calling', payload: { call: 'trunkline-lab-1795198761.41' } },
      { kind: 'unreadable', raw: 'Event: Hangup\r\nCause: 16', problem: 'has no Uniqueid or no Channel' },
    ]);
    await expect
      .poll(() => link.connection.tally)
      .toMatchObject({ frames: before + 3, unreadable: 1, unknown: 1 });
    const { frames, replies, heartbeats, events, ignored, unknown, unreadable } = link.connection.tally;
    expect(replies + heartbeats + events + ignored + unknown + unreadable).toBe(frames);
  });

  it('ends as shutdown when the PBX says so', async () => {
    await using link = await connected();
    link.server.say('Event: Shutdown\r\nShutdown: Cleanly\r\nRestart: True');
    expect((await link.connection.ended).fault).toEqual({ kind: 'shutdown' });
  });

  it('ends as silent when pings get no answer, and lives on answered ones', async () => {
    const timing = { heartbeatEveryMs: 20, heartbeatAnswerMs: 60 };
    await using link = await connected(
      answering((action) => (action['Action'] === 'Ping' ? [] : undefined)),
      timing,
    );
    expect((await link.connection.ended).fault).toEqual({ kind: 'silent' });
    await using living = await connected(realAnswers, { heartbeatEveryMs: 20 });
    await expect.poll(() => living.connection.tally.heartbeats).toBeGreaterThan(3);
  });

  it('ends as unreachable when the socket breaks, and logs off when we close it', async () => {
    await using link = await connected();
    for (const socket of link.server.sockets) socket.destroy();
    expect((await link.connection.ended).fault).toEqual({ kind: 'unreachable' });
    await using other = await connected();
    await other.connection[Symbol.asyncDispose]();
    expect((await other.connection.ended).fault).toEqual({ kind: 'closed' });
    expect(other.server.actions.at(-1)).toEqual({ Action: 'Logoff' });
  });
});

describe('questions to a scripted AMI', () => {
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

  it('events between the rows of a list are events', async () => {
    const script = answering((action) => {
      if (action['Action'] !== 'CoreShowChannels') return undefined;
      return realAnswer(action).flatMap((row) => [
        row,
        'Event: DeviceStateChange\r\nDevice: PJSIP/1004\r\nState: INUSE',
      ]);
    });
    await using link = await connected(script);
    const { calls, extensions } = await link.connection.snapshot(signal);
    expect(calls).toHaveLength(2);
    expect(extensions).toContainEqual({ extension: '1004', status: 'incall' });
  });

  it('a list with fewer rows than announced fails all', async () => {
    const script = answering((action) =>
      action['Action'] === 'CoreShowChannels' ? realAnswer(action).toSpliced(1, 1) : undefined,
    );
    await using link = await connected(script);
    await expect(link.connection.snapshot(signal)).rejects.toThrow('incomplete: 3 of 4');
  });

  it('a list without an end fails all in time', async () => {
    const script = answering((action) =>
      action['Action'] === 'DeviceStateList' ? realAnswer(action).slice(0, -1) : undefined,
    );
    await using link = await connected(script, { answerMs: 150 });
    await expect(link.connection.snapshot(signal)).rejects.toMatchObject({ fault: { kind: 'unreachable' } });
  });

  it('what we may not see is forbidden, and never looks empty', async () => {
    const script = answering((action) =>
      action['Action'] === 'CoreShowChannels' ? refused(action, 'Permission denied') : undefined,
    );
    await using link = await connected(script);
    await expect(link.connection.snapshot(signal)).rejects.toMatchObject({ fault: { kind: 'forbidden' } });
    expect(await link.connection.isAlive(talking, signal)).toBe('unknown');
  });

  it('a call is alive while a channel of it is listed, and gone when none is', async () => {
    await using link = await connected();
    expect(await link.connection.isAlive(talking, signal)).toBe('alive');
    expect(await link.connection.isAlive('no-such-call', signal)).toBe('gone');
  });

  it('hangs up all channels of a call', async () => {
    const script = answering((action) =>
      action['Channel'] === 'PJSIP/1002-00000005' ? refused(action, 'No such channel') : undefined,
    );
    await using link = await connected(script);
    expect(await link.connection.hangUp(talking, signal)).toBe('done');
    const channels = link.server.actions
      .filter(({ Action: name }) => name === 'Hangup')
      .map(({ Channel }) => Channel);
    expect(channels).toEqual(['PJSIP/1002-00000005', 'PJSIP/1001-00000004']);
    expect(await link.connection.hangUp('no-such-call', signal)).toBe('gone');
  });

  it('originates with an id of ours, and knows the call by it', async () => {
    const newchannel =
      'Event: Newchannel\r\nChannel: PJSIP/1001-00000001\r\nChannelState: 0\r\nUniqueid: wish-1\r\nLinkedid: wish-1';
    const script = answering((action) =>
      action['Action'] === 'Originate' ? [...success(action), newchannel] : undefined,
    );
    await using link = await connected(script);
    const wish = { from: '1001', to: '1002', callerName: 'Zoë', id: 'wish-1' };
    expect(await link.connection.originate(wish, signal)).toEqual({ call: 'wish-1' });
    expect(await link.connection.originate(wish, signal)).toEqual({ call: 'wish-1' });
    expect(link.server.actions.filter(({ Action: name }) => name === 'Originate')).toMatchObject([
      { Channel: 'PJSIP/1001', Context: 'from-internal', Exten: '1002', ChannelId: 'wish-1', Async: 'true' },
    ]);
  });

  it('tells why a wish came to nothing', async () => {
    const script = answering((action) => {
      if (action['Action'] !== 'Originate') return undefined;
      const response = `Event: OriginateResponse\r\nActionID: ${action['ActionID'] ?? ''}\r\nResponse: Failure\r\nReason: 0\r\nUniqueid: <unknown>`;
      return [...success(action), response];
    });
    await using link = await connected(script);
    await expect(link.connection.originate({ from: '1009', to: '1001', id: 'w' }, signal)).rejects.toThrow(
      'The PBX does not call 1009: it could not be reached',
    );
  });

  it.each(['10\r\n01', '1\n2', '1\u0000'])('sends no value with a line break: %j', async (to) => {
    await using link = await connected();
    const before = link.server.actions.length;
    await expect(link.connection.originate({ from: '1001', to, id: 'w' }, signal)).rejects.toMatchObject({
      name: 'RefusalError',
    });
    expect(link.server.actions).toHaveLength(before);
  });
});
