import { blockedForMs, enablePbx, liftBlocks, removePbx, wantRetry, wantSnapshot } from '@trunkline/database';
import { describe, expect, it } from 'vitest';
import { ConnectorLab, ringing } from './testing/connector-lab.ts';
import { fault } from './testing/scripted-pbx.ts';

/** For what takes milliseconds on an idle machine. */
const patience = { timeout: 10_000, interval: 20 };

describe('the life of a link, with a scripted adapter', () => {
  it('connects, takes a snapshot, publishes what is said, and tells the story', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    pbx.snapshot = () => Promise.resolve({ calls: [{ call: 'c1', status: 'connected' }], extensions: [] });
    const replica = await lab.replica();
    await expect.poll(() => lab.story(id), patience).toEqual(['1.1 link.connected', '1.2 link.snapshot']);
    pbx.say(ringing('c2'), { kind: 'said', type: 'call.ended', payload: { call: 'c2', at: Date.now() } });
    await expect
      .poll(() => lab.story(id), patience)
      .toEqual(['1.1 link.connected', '1.2 link.snapshot', '1.3 call.ringing', '1.4 call.ended']);
    expect((await lab.published(id))[1]?.payload).toMatchObject({
      asOf: { epoch: 1, seq: 1 },
      calls: [{ call: 'c1', status: 'connected' }],
      extensions: [],
    });
    await expect
      .poll(() => lab.link(id), patience)
      .toMatchObject({ state: 'live', epoch: 1, product: 'Scripted' });
    expect(replica.lines).toEqual(
      expect.arrayContaining([
        'connecting to PBX pbx 1 at pbx.test',
        'logging in',
        'connected, subscribing',
        'subscribed; heartbeat every 10 s',
        'published link.connected',
        'live: the first snapshot is published',
      ]),
    );
    expect(await replica.metric('trunkline_links{state="live"')).toBe(1);
  });

  it('says that a link is lost, after its last word, and connects again', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    const replica = await lab.replica();
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live' });
    pbx.say(ringing('last words'));
    pbx.drop('shutdown');
    await expect
      .poll(() => lab.story(id), patience)
      .toEqual([
        '1.1 link.connected',
        '1.2 link.snapshot',
        '1.3 call.ringing',
        '1.4 link.disconnected',
        '1.5 link.connected',
        '1.6 link.snapshot',
      ]);
    expect((await lab.published(id))[3]?.payload).toMatchObject({
      cause: 'pbx_restarted',
      reason: 'Scripted: shutdown.',
    });
    expect(replica.lines).toContain('link lost: Scripted: shutdown. Heartbeat stopped.');
    expect(replica.lines).toContain('next attempt in 0 s');
    expect(pbx.aliveMax).toBe(1);
  });

  it('tries a failed snapshot again, with an alarm and without a word to anybody', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    pbx.snapshot = () => Promise.reject(new Error('page 2 is missing'));
    await lab.replica();
    await expect.poll(() => pbx.snapshots, patience).toBeGreaterThan(2);
    await expect
      .poll(() => lab.link(id), patience)
      .toMatchObject({
        state: 'synchronising',
        alarm: 'no snapshot could be taken: page 2 is missing',
      });
    pbx.say(ringing('live all the same'));
    await expect.poll(() => lab.story(id), patience).toEqual(['1.1 link.connected', '1.2 call.ringing']);
    pbx.snapshot = () => Promise.resolve({ calls: [] });
    await expect.poll(() => lab.story(id), patience).toContain('1.3 link.snapshot');
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live', alarm: null });
  });

  it('throws a snapshot away that was under way when the link broke', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    const answer = Promise.withResolvers<{ calls: never[] }>();
    pbx.snapshot = () => answer.promise;
    await lab.replica();
    await expect.poll(() => pbx.snapshots, patience).toBe(1);
    pbx.refusals.push(fault('unreachable'), fault('unreachable'));
    pbx.drop();
    await expect.poll(() => lab.story(id), patience).toContain('1.2 link.disconnected');
    answer.resolve({ calls: [] });
    await expect
      .poll(() => lab.story(id), patience)
      .toEqual(['1.1 link.connected', '1.2 link.disconnected', '1.3 link.connected', '1.4 link.snapshot']);
    expect((await lab.published(id))[3]?.payload['asOf']).toEqual({ epoch: 1, seq: 3 });
  });

  it('takes snapshots that somebody wishes for, and catches up from records after a reconnect', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    const asked: number[] = [];
    pbx.catchUp = (since) => {
      asked.push(since);
      return Promise.resolve([
        { kind: 'said', type: 'call.ended', payload: { call: 'meanwhile', at: since } },
      ]);
    };
    await lab.replica();
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live' });
    expect(asked).toEqual([]);
    await lab.database.run((tx) => wantSnapshot(tx, [id], 'gap'));
    await expect.poll(() => pbx.snapshots, patience).toBe(2);
    const before = Date.now();
    pbx.drop();
    await expect.poll(async () => (await lab.story(id)).at(-1), patience).toBe('1.7 call.ended');
    expect(asked[0]).toBeGreaterThanOrEqual(before);
  });

  it('sets aside what can not be read, once each, and asks for one snapshot', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    await lab.replica();
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live' });
    for (let index = 0; index < 20; index += 1)
      pbx.say({ kind: 'unreadable', raw: `{"broken ${index}"`, problem: 'not JSON' });
    pbx.say({ kind: 'said', type: 'call.ringing', payload: { call: '', at: 1 } });
    const letters = () =>
      lab.database.run((tx) =>
        tx.query<{ payload: string }>(
          `select payload from dead_letter where source = $1 and group_name = 'link'`,
          [id],
        ),
      );
    await expect.poll(async () => (await letters()).length, patience).toBe(21);
    expect((await letters()).map(({ payload }) => payload)).toContain('{"call":"","at":1}');
    await expect.poll(() => pbx.snapshots, patience).toBe(2);
    expect((await lab.story(id)).some((line) => line.endsWith('call.ringing'))).toBe(false);
  });
});

describe('a PBX that refuses, with a scripted adapter', () => {
  it('is left alone after the third refused login, until an operator or another secret', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    pbx.refusals.push(...[1, 2, 3, 4].map(() => fault('credentials')));
    const first = await lab.replica();
    await expect
      .poll(() => lab.link(id), patience)
      .toMatchObject({ state: 'refused', credentialFailures: 3 });
    expect((await lab.link(id)).alarm).toContain('Nobody logs in any more');
    await first.connector.stop();
    const second = await lab.replica();
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'refused', epoch: 2 });
    expect(pbx.logins).toHaveLength(3);

    await lab.database.run((tx) => wantRetry(tx, id));
    await expect.poll(() => pbx.logins, patience).toHaveLength(4);
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live', credentialFailures: 0 });

    pbx.refusals.push(...[1, 2, 3].map(() => fault('credentials')));
    pbx.drop();
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'refused' });
    lab.credential = { username: 'api', secret: 'second' };
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live' });
    expect(second.lines).toContain('the credential was changed');
  });

  it('that blocks our address is asked by nobody before the block ends, over restarts and takeovers', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    pbx.refusals.push(fault('blocked', { until: null }));
    const first = await lab.replica();
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'blocked' });
    const asked = performance.now();
    const left = await lab.database.run((tx) => blockedForMs(tx, id, 'default'));
    expect(left).toBeGreaterThan(0);
    const blockEnds = asked + Number(left);
    await first.connector.stop();
    await lab.replica();
    await expect.poll(async () => (await lab.link(id)).epoch, patience).toBe(2);
    await lab.database.run((tx) => wantRetry(tx, id));
    await expect.poll(() => pbx.logins.length, patience).toBe(2);
    expect(pbx.logins[1]).toBeGreaterThanOrEqual(blockEnds);
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live' });
    expect(await lab.database.run((tx) => liftBlocks(tx, id))).toBe(1);
  });

  it('that nobody described rightly is not asked at all', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    await lab.database.run((tx) => tx.query(`update pbx set trust = 'nonsense'`));
    await lab.replica();
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'waiting' });
    expect((await lab.link(id)).alarm).toContain('What to trust');
    expect(pbx.logins).toEqual([]);
    await lab.database.run((tx) => tx.query(`update pbx set trust = 'public'`));
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live', alarm: null });
  });

  it('that is switched off or removed is told good-bye, and its lease is given back', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    await lab.replica();
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live' });
    await lab.database.run((tx) => enablePbx(tx, id, false));
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'idle', heldBy: null });
    expect((await lab.story(id)).at(-1)).toBe('1.3 link.disconnected');
    expect(pbx.alive).toBe(0);
    await lab.database.run((tx) => enablePbx(tx, id, true));
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live', epoch: 2 });
    await lab.database.run((tx) => removePbx(tx, id));
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'idle', heldBy: null });
    expect((await lab.story(id)).slice(-3)).toEqual([
      '2.1 link.connected',
      '2.2 link.snapshot',
      '2.3 link.disconnected',
    ]);
  });
});

describe('commands, with a scripted adapter', () => {
  it('are carried out on a live link and refused on any other', async () => {
    await using lab = await ConnectorLab.open();
    const { id, pbx } = await lab.addPbx();
    pbx.isAlive = (call) => Promise.resolve(call === 'c1' ? 'alive' : 'gone');
    pbx.snapshot = () => Promise.resolve({ calls: [], extensions: [] });
    await lab.replica({ TRUNKLINE_RETRY_YEASTAR: '5s', TRUNKLINE_RETRY_YEASTAR_MAX: '5s' });
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'live' });
    const commands = lab.commands();
    const send = { deadlineMs: 5_000 };
    expect(await commands.send(id, { kind: 'isAlive', call: 'c1' }, send)).toBe('alive');
    expect(await commands.send(id, { kind: 'hangUp', call: 'c1' }, send)).toBe('done');
    expect(await commands.send(id, { kind: 'snapshot' }, send)).toEqual({ calls: 0, extensions: 0 });
    expect(await commands.send(id, { kind: 'originate', from: '1', to: '2', id: 'w' }, send)).toEqual({
      call: 'originated',
    });
    pbx.originate = () => Promise.reject(fault('unreachable'));
    await expect(
      commands.send(id, { kind: 'originate', from: '1', to: '2', id: 'w' }, send),
    ).rejects.toMatchObject({ problem: 'failed', message: 'Scripted: unreachable.' });
    pbx.drop();
    await expect.poll(() => lab.link(id), patience).toMatchObject({ state: 'waiting' });
    await expect(commands.send(id, { kind: 'hangUp', call: 'c1' }, send)).rejects.toMatchObject({
      problem: 'not-connected',
      message: expect.stringContaining('waiting (Scripted: unreachable.)') as string,
    });
  });
});
