import { describe, expect, it } from 'vitest';
import { ari, listen, typesOf } from '../../testing/ari-client.ts';
import { openSimulator, until } from '../../testing/open-simulator.ts';
import { Listener } from '../../testing/web-socket.ts';

const open = (limits = {}): ReturnType<typeof openSimulator> =>
  openSimulator({ dialect: 'asterisk-ari', limits });
const noise = ['ChannelVarset', 'ChannelDialplan', 'ChannelConnectedLine', 'DeviceStateChanged'];

describe('[ARI1] the door', () => {
  it('lets in by Basic or api_key, and refuses as Asterisk does', async () => {
    await using simulator = await open();
    const { username, secret } = simulator.credential;
    const events = `${simulator.address}/ari/events`;
    using byKey = await new Listener(`${events}?app=a&api_key=${username}:${secret}`).opened();
    using byHeader = await listen(simulator, 'b').opened();
    using wrong = new Listener(`${events}?app=a&api_key=${username}:wrong`);
    using noApplication = new Listener(`${events}?api_key=${username}:${secret}`);
    await until(() => wrong.refused !== null && noApplication.refused !== null, 'refusals');
    expect([wrong.refused, noApplication.refused]).toEqual([401, 400]);
    expect([byKey.closed, byHeader.closed]).toEqual([null, null]);
    expect(simulator.control.counters()).toMatchObject({
      logins: { attempts: 4, accepted: 3, refused: 1 },
      sockets: { open: 2 },
    });
  });

  it('answers pings and sends none', async () => {
    await using simulator = await open();
    using listener = await listen(simulator).opened();
    listener.socket.ping();
    await until(() => listener.pongs === 1, 'a pong');
    expect(simulator.control.counters().heartbeats).toBe(1);
  });
});

describe('[ARI2] calls', () => {
  it('are told in the order of the real thing', async () => {
    await using simulator = await open();
    using listener = await listen(simulator).opened();
    await ari(simulator, 'applications/trunkline/eventFilter', 'PUT', {
      disallowed: noise.map((type) => ({ type })),
    });
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    call.answer();
    call.hangUp('1001');
    await until(
      () => typesOf(listener).filter((type) => type === 'ChannelDestroyed').length === 2,
      'the end',
    );
    expect(typesOf(listener)).toEqual([
      'ChannelCreated',
      'ChannelCreated',
      'Dial',
      'ChannelStateChange',
      'Dial',
      'ChannelStateChange',
      'Dial',
      'ChannelStateChange',
      'BridgeCreated',
      'ChannelEnteredBridge',
      'ChannelEnteredBridge',
      'ChannelHangupRequest',
      'ChannelLeftBridge',
      'ChannelHangupRequest',
      'ChannelLeftBridge',
      'BridgeDestroyed',
      'ChannelDestroyed',
      'ChannelDestroyed',
    ]);
    expect(listener.objects[0]).toMatchObject({
      application: 'trunkline',
      asterisk_id: '02:fc:00:00:00:01',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/) as string,
      channel: {
        id: call.key,
        name: 'PJSIP/1001-00000000',
        state: 'Ring',
        caller: { name: 'Zoë van den Berg', number: '1001' },
        dialplan: { context: 'internal', exten: '1002', priority: 1 },
      },
    });
    expect(JSON.stringify(listener.objects[0])).not.toContain('linkedid');
    expect(listener.objects[2]).toMatchObject({ dialstatus: '', dialstring: '1002', caller: {}, peer: {} });
  });

  it('tell the refusal that ended them', async () => {
    await using simulator = await open();
    using listener = await listen(simulator).opened();
    const call = simulator.control.place({ kind: 'outbound', from: '1001', to: '+31600000404' });
    call.ring();
    call.hangUp(undefined, 'bad_number');
    await until(() => typesOf(listener).includes('ChannelDestroyed'), 'the end');
    expect(listener.objects.find(({ type }) => type === 'ChannelDestroyed')).toMatchObject({
      cause: 1,
      cause_txt: 'Unallocated (unassigned) number',
      tech_cause: 404,
    });
  });

  it('that merge tell it by their bridges, and by the variable', async () => {
    await using simulator = await open();
    using listener = await listen(simulator).opened();
    const call = simulator.control.place({ kind: 'inbound', from: '+31611223344', to: '1002' });
    call.ring();
    call.answer();
    call.transfer({ by: '1002', to: '1003', kind: 'attended' });
    await until(() => typesOf(listener).includes('BridgeAttendedTransfer'), 'the transfer');
    expect(typesOf(listener)).toContain('BridgeMerged');
    const { json } = await ari(simulator, 'channels');
    const ids = (json as { id: string }[]).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    for (const id of ids)
      expect((await ari(simulator, `channels/${id}/variable?variable=CHANNEL(linkedid)`)).json).toEqual({
        value: call.key,
      });
  });
});

describe('[ARI3] applications', () => {
  it('belong to the newest socket; the older one stays open and hears nothing', async () => {
    await using simulator = await open();
    using first = await listen(simulator).opened();
    using second = await listen(simulator).opened();
    await until(() => typesOf(first).includes('ApplicationReplaced'), 'the notice');
    simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    await until(() => typesOf(second).includes('ChannelCreated'), 'the call');
    expect(typesOf(first)).toEqual(['ApplicationReplaced']);
    expect(first.closed).toBeNull();
    second.socket.close();
    await second.gone();
    simulator.control.place({ kind: 'internal', from: '1003', to: '1004' });
    expect((await ari(simulator, 'applications')).json).toEqual([]);
    expect(typesOf(first)).toEqual(['ApplicationReplaced']);
  });

  it('hear what they subscribe to, and forget it with their socket', async () => {
    await using simulator = await open();
    const listener = await listen(simulator, 'watch', '').opened();
    const path = 'applications/watch/subscription?eventSource=endpoint:PJSIP/1002,deviceState:PJSIP/1001';
    expect((await ari(simulator, path, 'POST')).json).toMatchObject({
      channel_ids: [],
      endpoint_ids: ['PJSIP/1002'],
      device_names: ['PJSIP/1001'],
    });
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    await until(() => typesOf(listener).includes('Dial'), 'the dialling');
    const created = listener.objects.filter(({ type }) => type === 'ChannelCreated');
    expect(created.map(({ channel }) => (channel as { name: string }).name)).toEqual(['PJSIP/1002-00000001']);
    listener.socket.close();
    await listener.gone();
    await until(() => simulator.control.counters().sockets.open === 0, 'a closed socket');
    expect((await ari(simulator, 'applications/watch')).status).toBe(404);
    using again = await listen(simulator, 'watch', '').opened();
    expect((await ari(simulator, 'applications/watch')).json).toMatchObject({ endpoint_ids: [] });
    expect(again.closed).toBeNull();
  });

  it('show that they are subscribed to everything', async () => {
    await using simulator = await open();
    using listener = await listen(simulator).opened();
    expect((await ari(simulator, 'applications/trunkline')).json).toMatchObject({
      channel_ids: ['__AST_CHANNEL_ALL_TOPIC'],
      bridge_ids: ['__AST_BRIDGE_ALL_TOPIC'],
      endpoint_ids: ['__AST_ENDPOINT_ALL_TOPIC'],
      device_names: ['__AST_DEVICE_STATE_ALL_TOPIC'],
    });
    expect(listener.frames).toEqual([]);
  });
});

describe('[ARI4] questions and orders', () => {
  it('list channels, bridges and endpoints, but no phones among device states', async () => {
    await using simulator = await open();
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    call.answer();
    simulator.control.register('1003', false);
    const [bridge] = (await ari(simulator, 'bridges')).json as { channels: string[] }[];
    expect(bridge?.channels).toHaveLength(2);
    const endpoints = (await ari(simulator, 'endpoints')).json as { resource: string; state: string }[];
    expect(endpoints.slice(0, 3).map(({ resource, state }) => [resource, state])).toEqual([
      ['1001', 'online'],
      ['1002', 'online'],
      ['1003', 'offline'],
    ]);
    expect((await ari(simulator, 'deviceStates')).json).toEqual([]);
    expect((await ari(simulator, 'deviceStates/PJSIP%2F1001')).json).toEqual({
      name: 'PJSIP/1001',
      state: 'INUSE',
    });
    expect((await ari(simulator, `channels/${call.key}`)).json).toMatchObject({ state: 'Up' });
    expect(await ari(simulator, 'channels/none')).toMatchObject({
      status: 404,
      json: { message: 'Channel not found' },
    });
    expect((await ari(simulator, 'asterisk/ping')).json).toMatchObject({ ping: 'pong' });
    expect((await ari(simulator, 'asterisk/info?only=system')).json).toMatchObject({
      system: { version: '22.10.1' },
    });
  });

  it('originate once for each id, and hang up', async () => {
    await using simulator = await open({ pickUpMs: 10 });
    const path = 'channels?endpoint=PJSIP/1001&extension=1002&context=internal&priority=1&channelId=wish-1';
    expect(await ari(simulator, path, 'POST')).toMatchObject({ status: 200, json: { id: 'wish-1' } });
    expect((await ari(simulator, path, 'POST')).status).toBe(409);
    const status = (): string | undefined => simulator.control.ledger().calls[0]?.status;
    await until(() => status() === 'connected', 'a conversation');
    expect((await ari(simulator, 'channels/wish-1', 'DELETE')).status).toBe(204);
    expect(status()).toBe('ended');
    expect((await ari(simulator, 'channels/wish-1', 'DELETE')).status).toBe(404);
    simulator.control.register('1003', false);
    const offline = await ari(simulator, 'channels?endpoint=PJSIP/1003&extension=1002', 'POST');
    expect(offline).toMatchObject({ status: 500, json: { message: 'Allocation failed' } });
  });
});
