import { describe, expect, it } from 'vitest';
import { connectTo, listen } from './testing/connect-to.ts';
import { callFrame, extension, outbound, recordFrame } from './testing/frame-texts.ts';
import { restingPbx, ScriptedPbx } from './testing/scripted-pbx.ts';

const never = new AbortController().signal;
const talking = { call_id: '1.1', members: [extension('1001', 'ANSWERED'), outbound('ANSWER')] };
const phone = (number: number) => ({
  number: String(number),
  caller_id_name: '',
  presence_status: 'available',
  online_status: {
    sip_phone: { status: 0, status_list: [{ status: 0 }, { status: 1 }] },
    linkus_web: { status: 0 },
  },
});

const pageOf = (phones: readonly unknown[], query: Readonly<Record<string, string>>) => {
  const size = Number(query.page_size);
  const from = (Number(query.page) - 1) * size;
  return { errcode: 0, total_number: phones.length, data: phones.slice(from, from + size) };
};

describe('a snapshot of a scripted PBX', () => {
  it('holds all pages and all calls', async () => {
    const phones = Array.from({ length: 450 }, (_, index) => phone(1001 + index));
    await using pbx = await ScriptedPbx.start(
      restingPbx({
        'extension/list': ({ query }) => pageOf(phones, query),
        'call/query': ({ query }) =>
          query.type === 'outbound' ? { errcode: 0, data: [talking] } : { errcode: 60001 },
      }),
    );
    await using connection = await connectTo(pbx);
    const snapshot = await connection.snapshot(never);
    expect(snapshot.calls).toMatchObject([{ call: '1.1', status: 'connected', extensions: ['1001'] }]);
    expect(snapshot.extensions).toHaveLength(450);
    expect(snapshot.extensions?.slice(0, 2)).toEqual([
      { extension: '1001', status: 'incall' },
      { extension: '1002', status: 'online' },
    ]);
    expect(pbx.count('extension/list')).toBe(3);
  });

  it('of a PBX at rest is empty', async () => {
    await using pbx = await ScriptedPbx.start(restingPbx());
    await using connection = await connectTo(pbx);
    expect(await connection.snapshot(never)).toEqual({ calls: [], extensions: [] });
  });

  it.each([
    ['a short page', 'extension/list', { errcode: 0, total_number: 2, data: [phone(1)] }],
    ['a page without a total', 'extension/list', { errcode: 0, data: [phone(1)] }],
    ['a page without data', 'extension/list', { errcode: 0, total_number: 1 }],
    ['too many rows', 'extension/list', { errcode: 0, total_number: 1, data: [phone(1), phone(2)] }],
    ['a row twice', 'extension/list', { errcode: 0, total_number: 2, data: [phone(1), phone(1)] }],
    ['a row that is none', 'extension/list', { errcode: 0, total_number: 1, data: [1] }],
    ['an error code', 'extension/list', { errcode: -2 }],
    ['a partial success', 'call/query', { errcode: 1, data: [] }],
    ['no list of calls', 'call/query', { errcode: 0 }],
    ['fewer calls than promised', 'call/query', { errcode: 0, total_number: 2, data: [talking] }],
    ['a call without members', 'call/query', { errcode: 0, data: [{ call_id: '1.1' }] }],
    ['HTTP 500', 'call/query', 500],
  ])('with %s is an error, and what was held back is told', async (_what, name, answer) => {
    await using pbx = await ScriptedPbx.start(restingPbx({ [name]: () => answer }));
    await using connection = await connectTo(pbx);
    const { words } = listen(connection);
    pbx.say(callFrame('1.1', [extension('1001', 'ALERT')]));
    await expect.poll(() => connection.tally.events).toBe(1);
    expect(words).toEqual([]);
    await expect(connection.snapshot(never)).rejects.toThrow(/list|answers|refuses|not ready/);
    await expect.poll(() => words).toMatchObject([{ type: 'call.ringing' }]);
  });

  it('has a deadline of its own, and is taken one at a time', async () => {
    await using pbx = await ScriptedPbx.start(restingPbx());
    const resting = pbx.script;
    await using connection = await connectTo(pbx, { timing: { snapshotMs: 200, answerMs: 10_000 } });
    pbx.script = (asked) => (asked.name === 'call/query' ? undefined : resting(asked));
    pbx.hang = true;
    const late = connection.snapshot(never);
    await expect(connection.snapshot(never)).rejects.toMatchObject({ name: 'RefusalError' });
    await expect(late).rejects.toMatchObject({ fault: { kind: 'unreachable' } });
    pbx.hang = false;
    pbx.script = resting;
    expect(await connection.snapshot(never)).toMatchObject({ calls: [] });
  });
});

describe('questions and commands to a scripted PBX', () => {
  it.each([
    [{ errcode: 0, data: [talking] }, 'alive'],
    [{ errcode: 0, data: [] }, 'gone'],
    [{ errcode: 60001 }, 'gone'],
    [{ errcode: 0 }, 'unknown'],
    [{ errcode: 0, data: [{ ...talking, call_id: '2.2' }] }, 'unknown'],
    [{ errcode: -1 }, 'unknown'],
    [503, 'unknown'],
  ])('%j means %s', async (answer, liveness) => {
    await using pbx = await ScriptedPbx.start(restingPbx({ 'call/query': () => answer }));
    await using connection = await connectTo(pbx);
    expect(await connection.isAlive('1.1', never)).toBe(liveness);
    expect(pbx.asked.at(-1)).toMatchObject({ name: 'call/query', query: { call_id: '1.1' } });
  });

  it('originates, and does not take the own answer of who asked for a conversation', async () => {
    await using pbx = await ScriptedPbx.start(
      restingPbx({ 'call/dial': () => ({ errcode: 0, call_id: '5.5' }) }),
    );
    await using connection = await connectTo(pbx);
    await connection.snapshot(never);
    const { words } = listen(connection);
    const request = { from: '1001', to: '1002', id: 'x' };
    expect(await connection.originate(request, never)).toEqual({ call: '5.5' });
    expect(pbx.asked.at(-1)).toMatchObject({ name: 'call/dial', body: { caller: '1001', callee: '1002' } });
    pbx.say(callFrame('5.5', [extension('1001', 'RING')]));
    pbx.say(callFrame('5.5', [extension('1001', 'ANSWER')]));
    pbx.say(callFrame('5.5', [extension('1002', 'RING')]));
    await expect.poll(() => connection.tally.events).toBe(3);
    await expect
      .poll(() => words.map((word) => 'type' in word && word.type))
      .toEqual(['call.ringing', 'call.ringing']);
  });

  it('a refused wish is a refusal, and the link is well', async () => {
    await using pbx = await ScriptedPbx.start(
      restingPbx({ 'call/dial': () => ({ errcode: 10009, errmsg: 'FAILED' }) }),
    );
    await using connection = await connectTo(pbx);
    const wish = connection.originate({ from: '1', to: '2', id: 'x' }, never);
    await expect(wish).rejects.toMatchObject({ name: 'RefusalError' });
    await expect(wish).rejects.toThrow(/10009 \(FAILED\)/);
  });

  it('hangs up leg by leg until the call is gone', async () => {
    const members = [extension('1001', 'ANSWERED'), outbound('ANSWER')];
    await using pbx = await ScriptedPbx.start(
      restingPbx({
        'call/query': () =>
          members.length === 0 ? { errcode: 60001 } : { errcode: 0, data: [{ call_id: '1.1', members }] },
        'call/hangup': () => {
          members.shift();
          return { errcode: 0 };
        },
      }),
    );
    await using connection = await connectTo(pbx);
    expect(await connection.hangUp('1.1', never)).toBe('done');
    expect(pbx.asked.filter(({ name }) => name === 'call/hangup').map(({ body }) => body)).toEqual([
      { channel_id: 'PJSIP/1001-00000001' },
      { channel_id: 'PJSIP/carrier-00000002' },
    ]);
    expect(await connection.hangUp('1.1', never)).toBe('gone');
  });

  it('a hang-up that the PBX refuses is a refusal', async () => {
    await using pbx = await ScriptedPbx.start(
      restingPbx({
        'call/query': () => ({ errcode: 0, data: [talking] }),
        'call/hangup': () => ({ errcode: 10009 }),
      }),
    );
    await using connection = await connectTo(pbx);
    await expect(connection.hangUp('1.1', never)).rejects.toMatchObject({ name: 'RefusalError' });
  });

  it("finds what ended while the link was down in the PBX's records", async () => {
    const endedAt = Math.floor(Date.now() / 1000) - 30;
    const row = {
      call_id: `${endedAt - 60}.7`,
      timestamp: endedAt - 60,
      call_from: '1001',
      call_to: '1002',
      call_type: 'Internal',
      disposition: 'ANSWERED',
      duration: 60,
      talk_duration: 50,
      record_file: 'a.wav',
    };
    await using pbx = await ScriptedPbx.start(
      restingPbx({ 'cdr/search': ({ query }) => pageOf([row, row], query) }),
    );
    await using connection = await connectTo(pbx);
    await connection.snapshot(never);
    expect(await connection.catchUp(Date.now() - 60_000, never)).toMatchObject([
      {
        type: 'call.ended',
        payload: { call: row.call_id, talkSeconds: 50, cause: 'normal', endedAt: endedAt * 1000 },
      },
      { type: 'recording.ready', payload: { recording: 'a.wav', call: row.call_id } },
    ]);
    const query = pbx.asked.at(-1)?.query ?? {};
    expect(query.start_time).toMatch(/^\d{10}$/);
    expect(Math.abs(Number(query.start_time) - (Date.now() / 1000 - 360))).toBeLessThan(30);
    const { words } = listen(connection);
    pbx.say(recordFrame(row.call_id, { talk_duration: 50, recording: 'a.wav' }));
    await expect.poll(() => connection.tally.events).toBe(1);
    expect(words).toEqual([]);
  });
});
