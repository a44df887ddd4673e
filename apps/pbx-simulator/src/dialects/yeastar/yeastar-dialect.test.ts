import { describe, expect, it } from 'vitest';
import { ask } from '../../testing/http.ts';
import { openSimulator, until } from '../../testing/open-simulator.ts';
import {
  eventsOf,
  login,
  membersOf,
  rest,
  socketOf,
  subscribe,
  tokenOf,
} from '../../testing/yeastar-client.ts';

const open = (limits = {}): ReturnType<typeof openSimulator> => openSimulator({ dialect: 'yeastar', limits });

describe('[YEASTAR1] the door', () => {
  it('wants a user agent, JSON, a known path and the token in the address', async () => {
    await using simulator = await open();
    const token = await tokenOf(simulator);
    const path = `system/information?access_token=${token}`;
    expect(await rest(simulator, path)).toMatchObject({ errcode: 0, sn: '3631A2124000' });
    expect(await rest(simulator, path, { headers: {} })).toMatchObject({ errcode: 40002 });
    const bearer = { 'user-agent': 'x', authorization: `Bearer ${token}` };
    expect(await rest(simulator, 'system/information', { headers: bearer })).toMatchObject({
      errcode: 10004,
    });
    expect(await rest(simulator, `nothing?access_token=${token}`)).toMatchObject({ errcode: 10001 });
    expect(await rest(simulator, 'get_token', { method: 'POST', body: '{' })).toMatchObject({
      errcode: 40001,
    });
  });

  it('closes the connection after each answer', async () => {
    await using simulator = await open();
    const { headers } = await ask(`${simulator.address}/openapi/v1.0/x`, {
      headers: { connection: 'keep-alive' },
    });
    expect(headers['connection']).toBe('close');
  });

  it('gives eight tokens and no ninth, until one is given back', async () => {
    await using simulator = await open();
    const tokens: string[] = [];
    for (let index = 0; index < 8; index += 1) tokens.push(await tokenOf(simulator));
    expect(await login(simulator)).toMatchObject({ errcode: 60002 });
    expect(simulator.control.counters().tokens).toEqual({ live: 8, issued: 8, revoked: 0 });
    expect(await rest(simulator, `del_token?access_token=${tokens[0]}`)).toMatchObject({ errcode: 0 });
    expect(await login(simulator)).toMatchObject({ errcode: 0, access_token_expire_time: 1800 });
  });

  it('renews a token once, and the old pair is worth nothing then', async () => {
    await using simulator = await open();
    const first = await login(simulator);
    const body = { refresh_token: first['refresh_token'] };
    const second = await rest(simulator, 'refresh_token', { method: 'POST', body });
    expect(second).toMatchObject({ errcode: 0 });
    expect(await rest(simulator, 'refresh_token', { method: 'POST', body })).toMatchObject({
      errcode: 10004,
    });
    const old = String(first['access_token']);
    expect(await rest(simulator, `system/information?access_token=${old}`)).toMatchObject({ errcode: 10004 });
    expect(simulator.control.counters().tokens.live).toBe(1);
  });

  it('lets tokens expire', async () => {
    await using simulator = await open({ accessTokenMs: 60 });
    const token = await tokenOf(simulator);
    await until(() => simulator.control.counters().tokens.live === 0, 'an expired token');
    expect(await rest(simulator, `call/query?access_token=${token}`)).toMatchObject({ errcode: 10004 });
  });

  it('blocks the address that fails five times, right secret or not, and no other', async () => {
    await using simulator = await open({ blockMs: 400 });
    const good = await tokenOf(simulator);
    for (let index = 0; index < 4; index += 1)
      expect(await login(simulator, 'wrong')).toMatchObject({ errcode: 40002 });
    const fifth = await login(simulator, 'wrong');
    expect(fifth).toMatchObject({ errcode: 70004 });
    expect(Number(fifth['block_expire_time'])).toBeGreaterThanOrEqual(Math.floor(Date.now() / 1000));
    expect(await login(simulator)).toMatchObject({ errcode: 70004 });
    expect(await rest(simulator, `call/query?access_token=${good}`)).toMatchObject({ errcode: 70004 });
    expect(await login(simulator, undefined, '127.0.0.2')).toMatchObject({ errcode: 0 });
    expect(simulator.control.counters().logins).toEqual({
      attempts: 8,
      accepted: 2,
      refused: 5,
      whileBlocked: 1,
    });
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect(await login(simulator)).toMatchObject({ errcode: 0 });
  });
});

describe('[YEASTAR2] the socket', () => {
  it('refuses the upgrade without a good token', async () => {
    await using simulator = await open();
    using listener = socketOf(simulator, 'stale');
    await until(() => listener.refused !== null, 'a refusal');
    expect(listener.refused).toBe(400);
  });

  it('confirms a subscription, refuses what is none, and answers heartbeats in plain words', async () => {
    await using simulator = await open();
    using listener = await socketOf(simulator, await tokenOf(simulator)).opened();
    for (const frame of ['heartbeat', '{"topic_list":[30011]}', '{"topic_list":[1]}', 'hello'])
      listener.socket.send(frame);
    await listener.heard(4);
    expect(listener.frames).toEqual([
      'heartbeat response',
      '{"errcode":0,"errmsg":"SUCCESS"}',
      '{"errcode":40002,"errmsg":"PARAMETER ERROR"}',
      '{"errcode":40001,"errmsg":"PARAMETER SYNTAX ERROR"}',
    ]);
    expect(simulator.control.counters().heartbeats).toBe(1);
  });

  it('closes on who says nothing, though events go out to it', async () => {
    await using simulator = await open({ idleMs: 150 });
    using listener = await subscribe(simulator, await tokenOf(simulator));
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    expect(await listener.gone()).toBe(1000);
    expect(simulator.control.counters().sockets).toEqual({ open: 0, opened: 1, closed: 1 });
  });

  it('sends only what was subscribed to', async () => {
    await using simulator = await open();
    using listener = await socketOf(simulator, await tokenOf(simulator)).opened();
    listener.socket.send('{"topic_list":[30008]}');
    await listener.heard(1);
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    call.hangUp();
    await listener.heard(5);
    expect(new Set(eventsOf(listener).map(({ type }) => type))).toEqual(new Set([30008]));
  });
});

describe('[YEASTAR3] calls', () => {
  it('are told as members with their states, and listed alike', async () => {
    await using simulator = await open();
    const token = await tokenOf(simulator);
    using listener = await subscribe(simulator, token);
    const query = `call/query?type=inbound&access_token=${token}`;
    expect(await rest(simulator, query)).toMatchObject({ errcode: 60001 });

    const call = simulator.control.place({ kind: 'inbound', from: '+31611223344', to: '1003' });
    call.ring();
    await until(() => membersOf(listener, call.key).size === 2, 'both members');
    expect([...membersOf(listener, call.key)]).toEqual([
      ['PJSIP/pstn-00000000', 'ALERT'],
      ['PJSIP/1003-00000001', 'RING'],
    ]);
    call.answer();
    call.hold('1003');
    await until(() => membersOf(listener, call.key).get('PJSIP/1003-00000001') === 'HOLD', 'hold');
    expect(await rest(simulator, query)).toMatchObject({
      errcode: 0,
      data: [
        {
          call_id: call.key,
          members: [
            {
              inbound: {
                from: '+31611223344',
                to: '+31205551003',
                trunk_name: 'pstn',
                member_status: 'ANSWERED',
              },
            },
            { extension: { number: '1003', member_status: 'HOLD', call_path: '' } },
          ],
        },
      ],
    });
    expect(await rest(simulator, `call/query?type=internal&access_token=${token}`)).toMatchObject({
      errcode: 60001,
    });

    call.hangUp('1003');
    await until(() => eventsOf(listener).some(({ type }) => type === 30012), 'the details');
    expect([...membersOf(listener, call.key).values()]).toEqual(['BYE', 'BYE']);
    const details = eventsOf(listener).find(({ type }) => type === 30012)?.msg;
    expect(details).toMatchObject({
      call_id: call.key,
      status: 'ANSWERED',
      type: 'Inbound',
      call_to: '1003',
      did_number: '+31205551003',
      recording: '',
    });
    expect(simulator.control.ledger().calls[0]).toMatchObject({
      key: call.key,
      status: 'ended',
      cause: 'normal',
      extensions: ['1003'],
      dialled: '+31205551003',
    });
  });

  it('of a queue: the caller is answered by the PBX, and a path is told', async () => {
    await using simulator = await open();
    using listener = await subscribe(simulator, await tokenOf(simulator));
    const members = ['1001', '1002'];
    const call = simulator.control.place({ kind: 'queue', from: '+31611223344', to: '6500', members });
    await until(() => membersOf(listener, call.key).size === 1, 'the caller');
    expect([...membersOf(listener, call.key).values()]).toEqual(['ANSWERED']);
    expect(listener.frames.at(-1)).toContain('\\"call_path\\":\\"6500\\"');
    expect(simulator.control.ledger().calls[0]?.status).toBe('calling');
  });

  it.each([
    ['busy', '486 Busy here', 'BUSY'],
    ['rejected', '603 Declined', 'FAILED'],
    ['congestion', 'Circuit/channel congestion', 'FAILED'],
    ['no_answer', undefined, 'NO ANSWER'],
    ['abandoned', undefined, 'ABANDONED'],
    ['voicemail', undefined, 'VOICEMAIL'],
  ] as const)('that fail as %s say why', async (cause, reason, status) => {
    await using simulator = await open();
    using listener = await subscribe(simulator, await tokenOf(simulator));
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    call.hangUp(undefined, cause);
    await until(() => eventsOf(listener).some(({ type }) => type === 30012), 'the details');
    await until(() => [...membersOf(listener, call.key).values()].join() === 'BYE,BYE', 'both gone');
    const events = eventsOf(listener);
    expect(events.find(({ type }) => type === 30012)?.msg).toMatchObject({ status, talk_duration: 0 });
    expect(events.find(({ type }) => type === 30015)?.msg['reason']).toBe(reason);
    expect(simulator.control.ledger().calls[0]?.cause).toBe(cause);
  });

  it('that never rang fail without members', async () => {
    await using simulator = await open();
    using listener = await subscribe(simulator, await tokenOf(simulator));
    simulator.control.register('1002', false);
    simulator.control.place({ kind: 'internal', from: '1001', to: '1002' }).ring();
    await until(() => eventsOf(listener).some(({ type }) => type === 30015), 'the failure');
    expect(eventsOf(listener).find(({ type }) => type === 30015)?.msg).toMatchObject({
      reason: 'Line Unreachable',
      members: null,
    });
  });

  it('that are transferred have details for each stage', async () => {
    await using simulator = await open();
    using listener = await subscribe(simulator, await tokenOf(simulator));
    const call = simulator.control.place({ kind: 'inbound', from: '+31611223344', to: '1001' });
    call.ring();
    call.answer();
    call.transfer({ by: '1001', to: '1002', kind: 'blind' });
    call.answer('1002');
    call.hangUp();
    await until(() => eventsOf(listener).filter(({ type }) => type === 30012).length === 2, 'two records');
    const records = eventsOf(listener).filter(({ type }) => type === 30012);
    expect(records.map(({ msg }) => msg['call_to'])).toEqual(['1001', '1002']);
    expect(eventsOf(listener).some(({ type }) => type === 30013)).toBe(true);
  });
});

describe('[YEASTAR4] phones', () => {
  it('tell registration, presence and use, and are listed page by page', async () => {
    await using simulator = await open();
    const token = await tokenOf(simulator);
    using listener = await subscribe(simulator, token);
    simulator.control.register('1002', false);
    simulator.control.doNotDisturb('1003', true);
    await until(() => eventsOf(listener).length >= 4, 'the events');
    expect(eventsOf(listener)).toEqual(
      expect.arrayContaining([
        { type: 30007, msg: { extension: '1002', kind: 'Sip', status: 'Unregistered', registered_ip: '' } },
        { type: 30009, msg: { extension: '1003', status: 'do_not_disturb' } },
      ]),
    );
    const page = await rest(simulator, `extension/list?page=2&page_size=1&access_token=${token}`);
    expect(page).toMatchObject({
      total_number: 20,
      data: [{ number: '1002', online_status: { sip_phone: { status: 0, status_list: [] } } }],
    });
    expect(await rest(simulator, `extension/list?page=x&access_token=${token}`)).toMatchObject({
      errcode: 40002,
    });
    const { phones } = simulator.control.ledger();
    expect(phones.slice(1, 3).map(({ status }) => status)).toEqual(['offline', 'busy']);
  });
});

describe('[YEASTAR5] orders', () => {
  it('dial, hold and hang up by channel', async () => {
    await using simulator = await open({ pickUpMs: 10 });
    const token = await tokenOf(simulator);
    const post = (path: string, body: object): ReturnType<typeof rest> =>
      rest(simulator, `${path}?access_token=${token}`, { method: 'POST', body });
    const { call_id: key } = await post('call/dial', { caller: '1001', callee: '1002' });
    const ledger = () => simulator.control.ledger().calls.find((call) => call.key === key);
    await until(() => ledger()?.status === 'connected', 'a conversation');
    expect(await post('call/hold', { channel_id: 'PJSIP/1001-00000000' })).toMatchObject({ errcode: 0 });
    expect(ledger()?.status).toBe('held');
    expect(await post('call/hangup', { call_id: key })).toMatchObject({ errcode: 40002 });
    expect(await post('call/hangup', { channel_id: 'PJSIP/1001-00000000' })).toMatchObject({ call_id: key });
    expect(ledger()).toMatchObject({ status: 'ended', cause: 'normal', caller: { number: '1001' } });
    expect(await post('call/hangup', { channel_id: 'PJSIP/1001-00000000' })).toMatchObject({
      errcode: 60001,
    });
    // A caller that is no extension: accepted, and nothing happens.
    expect(await post('call/dial', { caller: '+316', callee: '1002' })).toMatchObject({ errcode: 0 });
    expect(simulator.control.ledger().calls).toHaveLength(1);
  });
});

describe('[YEASTAR6] the log', () => {
  it('is searched by seconds only, and gives recordings as sound', async () => {
    await using simulator = await open();
    const token = await tokenOf(simulator);
    const call = simulator.control.place({ kind: 'internal', from: '1001', to: '1002' });
    call.ring();
    call.answer();
    call.record();
    call.hangUp();
    const now = Math.floor(Date.now() / 1000);
    const search = (from: string): ReturnType<typeof rest> =>
      rest(simulator, `cdr/search?start_time=${from}&end_time=${now + 5}&access_token=${token}`);
    expect(await search('2026-01-01')).toMatchObject({ errcode: 40002 });
    expect(await search(String(now - 60))).toMatchObject({
      total_number: 1,
      data: [{ call_id: call.key, disposition: 'ANSWERED' }],
    });
    const file = simulator.control.ledger().calls[0]?.recording ?? '';
    expect(file).toContain(call.key);
    const download = await rest(simulator, `recording/download?file=${file}&access_token=${token}`);
    const { headers, text } = await ask(
      `${simulator.address}${String(download['download_resource_url'])}?access_token=${token}`,
    );
    expect(headers['content-type']).toBe('audio/wav');
    expect(text.startsWith('RIFF')).toBe(true);
  });
});
