import { describe, expect, it } from 'vitest';
import { attempt, connectTo, listen } from './testing/connect-to.ts';
import { MemorySession } from './testing/memory-session.ts';
import { callFrame, extension, frameText } from './testing/frame-texts.ts';
import { restingPbx, ScriptedPbx } from './testing/scripted-pbx.ts';

const never = new AbortController().signal;
const ring = callFrame('1.1', [extension('1001', 'ALERT'), extension('1002', 'RING')]);

describe('connecting to a scripted PBX', () => {
  it('logs in, opens the socket, subscribes, and tells of itself', async () => {
    const off = {
      ext_id: 1,
      number: '1007',
      enb_register_status: 1,
      enb_call_status: 0,
      enb_presence_status: 1,
    };
    await using pbx = await ScriptedPbx.start(
      restingPbx({ 'extension_status_monitor/list': () => ({ errcode: 0, total_number: 1, data: [off] }) }),
    );
    const { phases, logs, ...trying } = attempt(pbx);
    await using connection = await trying.connect();
    expect(phases).toEqual(['authenticating', 'connecting', 'subscribing']);
    expect(connection.identity).toEqual({
      product: 'P570 37.23.0.83',
      serial: '3631A2124000',
      startMark: null,
      warnings: ['The PBX does not tell the call status of 1007. Switch on their status monitor at the PBX.'],
    });
    expect(pbx.heard).toEqual([
      '{"topic_list":[30007,30008,30009,30011,30012,30013,30014,30015,30016,30022]}',
    ]);
    expect(pbx.asked.every(({ userAgent }) => userAgent === 'OpenAPI')).toBe(true);
    expect(connection.tally).toMatchObject({ frames: 1, replies: 1 });
    expect(logs.join('')).not.toMatch(/s3cret|access-1|refresh-1/);
  });

  it('takes the oldest topics where the PBX refuses the others', async () => {
    await using pbx = await ScriptedPbx.start(restingPbx());
    pbx.answer = (frame) => (frame.includes('30022') ? '{"errcode":40002}' : '{"errcode":0}');
    await using connection = await connectTo(pbx);
    expect(pbx.heard).toHaveLength(2);
    expect(connection.identity.warnings[0]).toMatch(/oldest events/);
  });

  it.each([
    ['{"errcode":40002}', 'protocol'],
    ['{"errcode":10005}', 'forbidden'],
    ['{"errcode":10004}', 'starting'],
  ])('is not connected by the answer %s', async (answer, kind) => {
    await using pbx = await ScriptedPbx.start(restingPbx());
    pbx.answer = () => answer;
    await expect(connectTo(pbx)).rejects.toMatchObject({ fault: { kind } });
  });

  it('gives up on a PBX that does not answer the subscription, and on command', async () => {
    await using pbx = await ScriptedPbx.start(restingPbx());
    pbx.answer = () => null;
    await expect(connectTo(pbx, { timing: { answerMs: 300 } })).rejects.toMatchObject({
      fault: { kind: 'unreachable' },
    });
    const stop = new AbortController();
    const connecting = connectTo(pbx, { signal: stop.signal });
    const outcome = connecting.catch((error: unknown) => error);
    await expect.poll(() => pbx.heard.length).toBe(2);
    stop.abort();
    expect(await outcome).toMatchObject({ fault: { kind: 'closed' } });
  });

  it('a refused upgrade with an ended token is tried once more with a new one', async () => {
    await using pbx = await ScriptedPbx.start(
      restingPbx({
        // Kept from before, good for REST until the upgrade was refused.
        'system/information': ({ query }) =>
          query.access_token === 'access-1' && pbx.count('system/information') > 1
            ? { errcode: 10004 }
            : { errcode: 0 },
      }),
    );
    pbx.refuseUpgrade = (token) => (token === 'access-1' ? 400 : 0);
    await using connection = await connectTo(pbx);
    expect(connection.identity.product).toBeNull();
    expect([pbx.count('get_token'), pbx.count('refresh_token')]).toEqual([1, 1]);
  });

  it.each([
    [400, () => ({ errcode: 0 }), 'protocol'],
    [403, () => ({ errcode: 0 }), 'forbidden'],
    [502, () => ({ errcode: 0 }), 'starting'],
    [400, () => ({ errcode: 70004 }), 'blocked'],
    [400, () => ({ errcode: 70087 }), 'forbidden'],
  ])('an upgrade refused with %i is judged by REST', async (status, information, kind) => {
    await using pbx = await ScriptedPbx.start(
      restingPbx({
        'system/information': () => (pbx.count('system/information') > 1 ? information() : { errcode: 0 }),
      }),
    );
    pbx.refuseUpgrade = () => status;
    await expect(connectTo(pbx)).rejects.toMatchObject({ fault: { kind } });
    expect(pbx.count('get_token')).toBe(1);
  });
});

describe('a link to a scripted PBX', () => {
  it('tells words in order, counts each frame once, and sets unreadable ones aside', async () => {
    await using pbx = await ScriptedPbx.start(restingPbx());
    await using connection = await connectTo(pbx);
    const { words } = listen(connection);
    await connection.snapshot(never);
    for (const frame of [
      ring,
      '{"type":30011,"msg":"{"}',
      'what',
      'heartbeat response',
      '{"type":30010,"msg":"{}"}',
    ])
      pbx.say(frame);
    await expect.poll(() => connection.tally.frames).toBe(6);
    expect(connection.tally).toMatchObject({
      replies: 1,
      heartbeats: 1,
      events: 1,
      ignored: 1,
      unknown: 1,
      unreadable: 1,
    });
    expect(words).toMatchObject([
      { kind: 'said', type: 'call.ringing' },
      { kind: 'unreadable', raw: '{"type":30011,"msg":"{"}' },
    ]);
  });

  it('stays while heartbeats are answered, and ends as silent when they are not', async () => {
    await using pbx = await ScriptedPbx.start(restingPbx());
    const timing = { heartbeatEveryMs: 30, heartbeatAnswerMs: 400 };
    await using connection = await connectTo(pbx, { timing });
    await expect.poll(() => connection.tally.heartbeats).toBeGreaterThan(3);
    const { done } = listen(connection);
    pbx.answer = () => null;
    expect(await connection.ended).toMatchObject({ fault: { kind: 'silent' } });
    await done;
    await expect(connection.snapshot(never)).rejects.toMatchObject({ fault: { kind: 'silent' } });
  });

  it('ends when the PBX goes, and keeps the token for the next link', async () => {
    await using pbx = await ScriptedPbx.start(restingPbx());
    const store = new MemorySession();
    await using connection = await connectTo(pbx, { store });
    pbx.sockets[0]?.close(1001);
    expect(await connection.ended).toMatchObject({ fault: { kind: 'unreachable' } });
    await connection[Symbol.asyncDispose]();
    expect(pbx.count('del_token')).toBe(0);
    await using next = await connectTo(pbx, { store });
    expect([pbx.count('get_token'), next.tally.replies]).toEqual([1, 1]);
  });

  it('gives its token back when it is closed in good health, once', async () => {
    await using pbx = await ScriptedPbx.start(restingPbx());
    const store = new MemorySession();
    const connection = await connectTo(pbx, { store });
    const { done } = listen(connection);
    await Promise.all([connection[Symbol.asyncDispose](), connection[Symbol.asyncDispose]()]);
    expect(await connection.ended).toMatchObject({ fault: { kind: 'closed' } });
    await done;
    expect([pbx.count('del_token'), store.text]).toEqual([1, null]);
  });

  it('reads the list of extensions again when it changed', async () => {
    const rows = [{ number: '1001', caller_id_name: 'Ada', online_status: { sip_phone: { status: 1 } } }];
    await using pbx = await ScriptedPbx.start(
      restingPbx({ 'extension/list': () => ({ errcode: 0, total_number: rows.length, data: rows }) }),
    );
    await using connection = await connectTo(pbx);
    const { words } = listen(connection);
    await connection.snapshot(never);
    rows.push({ number: '1002', caller_id_name: 'Bo', online_status: { sip_phone: { status: 0 } } });
    for (let times = 0; times < 3; times++)
      pbx.say(frameText(30022, { ext_number: '1002', option: 'CREATE' }));
    await expect.poll(() => words.length, { timeout: 10_000 }).toBe(1);
    expect(words[0]).toMatchObject({ payload: { extension: '1002', name: 'Bo', status: 'offline' } });
    expect(pbx.count('extension/list')).toBe(2);
  });
});
