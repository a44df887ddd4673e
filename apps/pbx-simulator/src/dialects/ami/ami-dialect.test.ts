import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AmiClient } from '../../testing/ami-client.ts';
import { openSimulator, until } from '../../testing/open-simulator.ts';

const open = (limits = {}, tls = false): ReturnType<typeof openSimulator> =>
  openSimulator({ dialect: 'asterisk-ami', tls, limits: { badLoginDelayMs: 30, ...limits } });

describe('[AMI1] the door', () => {
  it('greets, accepts a secret over TLS, and says that it has booted', async () => {
    await using simulator = await open({}, true);
    expect(simulator.address).toMatch(/^tls:/);
    using client = new AmiClient(simulator);
    expect(await client.login(simulator)).toMatchObject({
      Response: 'Success',
      Message: 'Authentication accepted',
    });
    expect(client.banner).toBe('Asterisk Call Manager/11.0.0');
    expect(await client.heard('FullyBooted')).toMatchObject([{ Status: 'Fully Booted' }]);
    expect(simulator.control.counters().sockets.open).toBe(1);
  });

  it('accepts the answer to a challenge', async () => {
    await using simulator = await open();
    using client = new AmiClient(simulator);
    const { Challenge: challenge = '' } = await client.act('Challenge', { AuthType: 'MD5' });
    const { username, secret } = simulator.credential;
    const Key = createHash('md5')
      .update(challenge + secret)
      .digest('hex');
    const answer = await client.act('Login', { AuthType: 'MD5', Username: username, Key });
    expect(answer['Response']).toBe('Success');
  });

  it('lets a bad login wait, says no and closes; five in a row block the address', async () => {
    await using simulator = await open();
    for (let index = 0; index < 5; index += 1) {
      using client = new AmiClient(simulator);
      const answer = await client.act('Login', { Username: 'trunkline', Secret: 'wrong' });
      expect(answer).toMatchObject({ Response: 'Error', Message: 'Authentication failed' });
      await until(() => client.closed, 'a closed connection');
    }
    using blocked = new AmiClient(simulator);
    await until(() => blocked.closed, 'a refused connection');
    expect(blocked.banner).toBe('');
    expect(simulator.control.counters().logins).toEqual({
      attempts: 6,
      accepted: 0,
      refused: 5,
      whileBlocked: 1,
    });
  });

  it('permits nothing before the login, and does not wait for it for ever', async () => {
    await using simulator = await open({ loginMs: 100 });
    using client = new AmiClient(simulator);
    expect(await client.act('Ping')).toMatchObject({ Response: 'Error', Message: 'Permission denied' });
    await until(() => client.closed, 'a closed connection');
  });
});

describe('[AMI2] calls', () => {
  it('are told in the order of the real thing', async () => {
    await using simulator = await open();
    using client = new AmiClient(simulator);
    await client.login(simulator);
    await client.act('Filter', { Operation: 'Add', Filter: '!Event: (VarSet|Newexten|NewConnectedLine)' });
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    call.answer();
    call.hangUp('1001');
    await client.heard('Cdr');
    const names = client.messages.flatMap(({ Event, Uniqueid }) =>
      Event === undefined ? [] : [[Event, Uniqueid]],
    );
    const order = names
      .map(([name]) => name)
      .filter((name) => !/DeviceState|ExtensionStatus/.test(name ?? ''));
    expect(order).toEqual([
      'FullyBooted',
      'Newchannel',
      'Newchannel',
      'DialBegin',
      'Newstate',
      'DialState',
      'Newstate',
      'DialEnd',
      'Newstate',
      'BridgeCreate',
      'BridgeEnter',
      'BridgeEnter',
      'HangupRequest',
      'BridgeLeave',
      'SoftHangupRequest',
      'BridgeLeave',
      'BridgeDestroy',
      'Hangup',
      'Hangup',
      'Cdr',
    ]);
    expect(client.events('Newchannel')[0]).toMatchObject({
      Channel: 'PJSIP/1001-00000000',
      ChannelStateDesc: 'Ring',
      CallerIDName: 'Zoë van den Berg',
      ConnectedLineNum: '<unknown>',
      Exten: '1002',
      Uniqueid: call.key,
      Linkedid: call.key,
    });
    expect(client.events('DialEnd')[0]).toMatchObject({
      DialStatus: 'ANSWER',
      DestChannel: 'PJSIP/1002-00000001',
    });
    expect(client.events('Hangup').map((one) => [one['Cause'], one['Cause-txt']])).toEqual([
      ['16', 'Normal Clearing'],
      ['16', 'Normal Clearing'],
    ]);
    expect(client.events('Cdr')[0]).toMatchObject({ UniqueID: call.key, Disposition: 'ANSWERED' });
  });

  it.each([
    ['no_answer', '19', '480'],
    ['busy', '17', '486'],
    ['rejected', '21', '403'],
    ['abandoned', '127', '487'],
    ['congestion', '34', '503'],
  ] as const)('that fail as %s end with cause %s', async (cause, q850, sip) => {
    await using simulator = await open();
    using client = new AmiClient(simulator);
    await client.login(simulator);
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    call.hangUp(undefined, cause);
    const hangups = await client.heard('Hangup', 2);
    const caller = hangups.find((one) => one['Uniqueid'] === call.key);
    expect(caller).toMatchObject({ Cause: q850, TechCause: sip });
  });

  it('of a queue answer the caller first, and only one phone wins', async () => {
    await using simulator = await open();
    using client = new AmiClient(simulator);
    await client.login(simulator);
    const members = ['1001', '1002'];
    const call = simulator.control.place({ kind: 'queue', from: '+31611223344', to: '6500', members });
    const [up] = await client.heard('Newstate');
    expect(up).toMatchObject({ Uniqueid: call.key, ChannelStateDesc: 'Up' });
    call.ring();
    call.answer('1002');
    const ends = await client.heard('DialEnd', 3);
    expect(ends.map((one) => [one['DestCallerIDNum'], one['DialStatus']])).toEqual([
      ['1002', 'ANSWER'],
      ['1001', 'CANCEL'],
      ['1001', 'CANCEL'],
    ]);
    expect(await client.heard('Hangup')).toMatchObject([{ Cause: '26', 'Cause-txt': 'Answered elsewhere' }]);
  });

  it('that merge tell the older Linkedid from then on', async () => {
    await using simulator = await open();
    using client = new AmiClient(simulator);
    await client.login(simulator);
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    call.answer();
    call.transfer({ by: '1002', to: '1003', kind: 'attended' });
    await client.heard('AttendedTransfer');
    const ofThird = client.events('BridgeEnter').filter((one) => one['CallerIDNum'] === '1003');
    const [merged] = simulator.control.ledger().calls[0]?.mergedKeys ?? [];
    expect(ofThird.map((one) => one['Linkedid'])).toEqual([merged, call.key]);
  });

  it('arrive whole, though writes are cut anywhere', async () => {
    await using simulator = await open();
    using client = new AmiClient(simulator);
    await client.login(simulator);
    for (let index = 0; index < 40; index += 1) {
      const call = simulator.control.place({ kind: 'inbound', from: '+31611223344', to: '1001' });
      call.ring();
      call.hangUp();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await client.heard('Hangup', 80);
    expect(client.events('Newchannel')).toHaveLength(80);
    expect(client.chunks.some((chunk) => !chunk.endsWith('\r\n\r\n') && !chunk.startsWith('Asterisk'))).toBe(
      true,
    );
  });
});

describe('[AMI3] lists and questions', () => {
  it('list channels, devices, hints and endpoints between start and Complete', async () => {
    await using simulator = await open();
    using client = new AmiClient(simulator);
    await client.login(simulator, 'off');
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    simulator.control.register('1003', false);
    const channels = await client.list('CoreShowChannels', 'CoreShowChannelsComplete');
    expect(channels.map((one) => one['Channel'])).toEqual([
      'PJSIP/1001-00000000',
      'PJSIP/1002-00000001',
      undefined,
    ]);
    expect(channels.at(-1)).toMatchObject({ EventList: 'Complete', ListItems: '2' });
    const devices = await client.list('DeviceStateList', 'DeviceStateListComplete');
    expect(devices.slice(1, 4).map((one) => one['State'])).toEqual(['INUSE', 'RINGING', 'UNAVAILABLE']);
    const hints = await client.list('ExtensionStateList', 'ExtensionStateListComplete');
    expect(hints.slice(0, 3).map((one) => one['Status'])).toEqual(['1', '8', '4']);
    const endpoints = await client.list('PJSIPShowEndpoints', 'EndpointListComplete');
    expect(endpoints[0]).toMatchObject({ ObjectName: '1001', DeviceState: 'In use' });
    expect(client.events('Newchannel')).toEqual([]);
    const channel = { Channel: 'PJSIP/1001-00000000' };
    expect(await client.list('Status', 'StatusComplete', channel)).toMatchObject([
      channel,
      { ListItems: '1' },
    ]);
    expect(await client.act('Status', { Channel: 'PJSIP/none' })).toMatchObject({
      Message: 'No such channel',
    });
    expect(simulator.control.counters().snapshots).toBe(1);
  });

  it('answer Ping, CoreStatus, CoreSettings, unknown words and Logoff', async () => {
    await using simulator = await open();
    using client = new AmiClient(simulator);
    await client.login(simulator);
    expect(await client.act('Ping')).toMatchObject({ Ping: 'Pong' });
    expect(await client.act('CoreSettings')).toMatchObject({ AsteriskVersion: '22.10.1' });
    expect(await client.act('CoreStatus')).toMatchObject({ CoreCurrentCalls: '0' });
    expect((await client.act('Nonsense'))['Message']).toContain('Invalid/unknown command: Nonsense');
    expect(await client.act('Logoff')).toMatchObject({ Response: 'Goodbye' });
    await until(() => client.closed, 'a closed connection');
  });

  it('originate and hang up', async () => {
    await using simulator = await open({ pickUpMs: 10 });
    using client = new AmiClient(simulator);
    await client.login(simulator);
    const order = { Channel: 'PJSIP/1001', Context: 'internal', Exten: '1002', Priority: '1', Async: 'true' };
    const asked = await client.act('Originate', { ...order, ChannelId: 'wish-1' });
    expect(asked).toMatchObject({ Response: 'Success', Message: 'Originate successfully queued' });
    expect(await client.heard('OriginateResponse')).toMatchObject([
      { Response: 'Success', ActionID: asked['ActionID'], Uniqueid: 'wish-1', Reason: '4' },
    ]);
    expect(client.events('DialBegin')[0]?.['Channel']).toBeUndefined();
    const status = (): string | undefined => simulator.control.ledger().calls[0]?.status;
    await until(() => status() === 'connected', 'a conversation');
    expect(await client.act('Originate', { ...order, ChannelId: 'wish-1' })).toMatchObject({
      Response: 'Error',
    });
    const channel = { Channel: 'PJSIP/1001-00000000' };
    expect(await client.act('Hangup', channel)).toMatchObject({ Response: 'Success' });
    expect(status()).toBe('ended');
    expect(await client.act('Hangup', channel)).toMatchObject({ Message: 'No such channel' });
    simulator.control.register('1003', false);
    await client.act('Originate', { ...order, Channel: 'PJSIP/1003' });
    expect((await client.heard('OriginateResponse', 2))[1]).toMatchObject({
      Response: 'Failure',
      Reason: '0',
    });
  });
});
