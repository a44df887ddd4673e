import { pbxIds } from '@trunkline/domain/testing';
import { said } from '@trunkline/database/testing';
import { compareOffsets } from '@trunkline/realtime-protocol';
import { describe, expect, it, vi } from 'vitest';
import { call, one, other, phone, PushLab, rolesOf } from './testing/push-lab.ts';

vi.setConfig({ testTimeout: 120_000 });

describe('a client', () => {
  it('[CONN3] [AUTH2] hears hello, is let in by its token, and gets the state of a topic and then what happens', async () => {
    await using lab = await PushLab.open();
    const node = await lab.node();
    await lab.commit(said(1, 'extension.changed', { extension: '1001', status: 'incall' }));
    const client = await node.connected();
    expect(client.webSocket.protocol).toBe('trunkline.v1');
    expect(client.heard[0]).toMatchObject({ type: 'hello', version: 1, heartbeatMs: 20_000 });
    expect(await client.hears('connected')).toMatchObject({ tenant: one, user: 'ada' });
    await client.subscribe('extensions');
    const snapshot = await client.hears('snapshot');
    expect(snapshot.rows.extension_update).toMatchObject([
      { extension: '1001', status: 'incall', revision: 1 },
    ]);
    await lab.commit(said(2, 'extension.changed', { extension: '1001', status: 'online' }));
    const update = await client.hears('extension_update');
    expect(update).toMatchObject({
      topic: 'extensions',
      rows: [{ pbx: pbxIds[0], extension: '1001', status: 'online', revision: 2 }],
    });
    const { offset } = await client.hears('reset');
    expect(compareOffsets(update.offset, offset)).toBeGreaterThan(0);
  });

  it('hears its own topics only, and nothing of other tenants', async () => {
    await using lab = await PushLab.open();
    const node = await lab.node();
    const ours = await node.connected();
    const theirs = await node.connected({ tenant: other });
    await ours.subscribe('extensions');
    await theirs.subscribe('extensions', 'pbx');
    await lab.tell(one, { extension_update: [phone({ extension: 'ours' })], link_update: [{ pbx: 'ours' }] });
    await lab.tell(other, { extension_update: [phone({ extension: 'theirs' })] });
    const phones = (client: typeof ours) =>
      client.of('extension_update').flatMap(({ rows }) => rows.map(({ extension }) => extension));
    await ours.hears('extension_update');
    await theirs.hears('extension_update');
    expect([phones(ours), phones(theirs)]).toEqual([['ours'], ['theirs']]);
    expect([...ours.of('link_update'), ...theirs.of('link_update')]).toEqual([]);
  });

  it('[TOPIC1] is refused topics that its token does not allow, each by itself', async () => {
    await using lab = await PushLab.open();
    const node = await lab.node();
    const agent = await node.connected({ roles: ['agent'] });
    const topics = ['cleanup', 'user:ada', 'user:bob', 'nonsense', 'pbx'];
    agent.say({ type: 'subscribe', topics: topics.map((topic) => ({ topic })) });
    await agent.hears('snapshot', ({ topic }) => topic === 'pbx');
    await agent.hears('snapshot', ({ topic }) => topic === 'user:ada');
    expect(agent.of('error').map(({ topic, kind }) => [topic, kind])).toEqual([
      ['cleanup', 'not_allowed'],
      ['user:bob', 'not_allowed'],
      ['nonsense', 'unknown_topic'],
    ]);
  });

  it('[TOPIC5] without the scope sees masked numbers, live and in snapshots; with it the numbers', async () => {
    await using lab = await PushLab.open();
    const node = await lab.node();
    const caller = { number: '0301234567', name: 'Ada' };
    await lab.commit(said(1, 'call.ringing', { call: 'a', caller }));
    const agent = await node.connected(rolesOf('calls:read'));
    const supervisor = await node.connected();
    await Promise.all([agent.subscribe('calls'), supervisor.subscribe('calls')]);
    await lab.commit(said(2, 'call.ringing', { call: 'b', caller }));
    const numbers = async (client: typeof agent) => {
      const { rows: live } = await client.hears('new_call');
      const { rows } = await client.hears('snapshot');
      return [...(rows.call_update ?? []), ...live].map(({ callerNumber, callerName }) => [
        callerNumber,
        callerName,
      ]);
    };
    expect(await numbers(agent)).toEqual([
      ['***567', 'Ada'],
      ['***567', 'Ada'],
    ]);
    expect(await numbers(supervisor)).toEqual([
      ['0301234567', 'Ada'],
      ['0301234567', 'Ada'],
    ]);
  });

  it('[TOPIC4] that follows one phone hears of its calls and their end, and of those whose phones nobody knows', async () => {
    await using lab = await PushLab.open();
    const node = await lab.node();
    const desk = await node.connected();
    const neighbour = await node.connected();
    const phones = ['1001', '1002'];
    await desk.subscribe('calls:1001');
    await neighbour.subscribe('calls:1002');
    await lab.tell(one, {
      new_call: [
        call({ call: 'a', extensions: ['1001'], phones: ['1001'] }),
        call({ call: 'b', extensions: ['7'], phones: ['7'] }),
        call({ call: 'c', extensions: ['7'], phones: null }),
      ],
    });
    await lab.tell(one, { call_update: [call({ call: 'a', extensions: ['1002'], phones, revision: 2 })] });
    await lab.tell(one, {
      call_update: [call({ call: 'a', status: 'ended', extensions: [], phones, revision: 3 })],
    });
    const last = await desk.hears('call_update', ({ rows }) => rows.some(({ status }) => status === 'ended'));
    await neighbour.hears('call_update', ({ rows }) => rows.some(({ status }) => status === 'ended'));
    expect(last.topic).toBe('calls:1001');
    const told = (client: typeof desk) =>
      client.heard.flatMap((message) =>
        'rows' in message && Array.isArray(message.rows)
          ? (message.rows as { call: string; revision: number }[]).map((row) => `${row.call}${row.revision}`)
          : [],
      );
    expect([told(desk), told(neighbour)]).toEqual([
      ['a1', 'c1', 'a2', 'a3'],
      ['c1', 'a2', 'a3'],
    ]);
  });

  it('has many tabs and devices: each of them hears', async () => {
    await using lab = await PushLab.open();
    const node = await lab.node();
    const tabs = await Promise.all([1, 2, 3].map(() => node.connected()));
    await Promise.all(tabs.map((tab) => tab.subscribe('user:ada')));
    await lab.tell(one, {
      notification: [
        { user: 'ada', notification: '1' },
        { user: 'bob', notification: '2' },
      ],
    });
    for (const tab of tabs) {
      const { rows } = await tab.hears('notification');
      expect(rows.map(({ user }) => user)).toEqual(['ada']);
    }
  });

  it('[LIVE1] {"type":"ping"} gets {"type":"pong"} with the id echoed', async () => {
    await using lab = await PushLab.open();
    const node = await lab.node();
    const client = await node.connected();
    client.webSocket.send('{"type":"ping"}');
    client.say({ type: 'ping', id: 7 });
    client.say({ type: 'ping', id: 'seven' });
    await client.until(() => client.of('pong').length === 3);
    expect(client.of('pong')).toEqual([
      { type: 'pong' },
      { type: 'pong', id: 7 },
      { type: 'pong', id: 'seven' },
    ]);
  });

  it('[POS7] unsubscribes, and hears nothing of the topic after that', async () => {
    await using lab = await PushLab.open();
    const node = await lab.node();
    const client = await node.connected();
    await client.subscribe('extensions', 'user:ada');
    client.say({ type: 'unsubscribe', topics: ['extensions', 'never had'] });
    await client.hears('unsubscribed', ({ topic }) => topic === 'never had');
    await lab.tell(one, { extension_update: [phone()] });
    await lab.tell(one, { notification: [{ user: 'ada', notification: '1' }] });
    await client.hears('notification');
    expect(client.of('extension_update')).toEqual([]);
  });

  it('hears what comes within a moment in order and without a gap, though it is joined', async () => {
    await using lab = await PushLab.open();
    const node = await lab.node();
    const clients = await Promise.all([1, 2].map(() => node.connected()));
    await Promise.all(clients.map((client) => client.subscribe('extensions')));
    const revisions = Array.from({ length: 300 }, (_, index) => index + 1);
    for (const revision of revisions)
      await lab.tell(one, { extension_update: [phone({ extension: '1', revision })] });
    for (const client of clients) {
      await client.until(() => client.of('extension_update').length === revisions.length);
      expect(
        client.of('extension_update').flatMap(({ rows }) => rows.map(({ revision }) => revision)),
      ).toEqual(revisions);
    }
  });

  it('[LIVE2] learns by heartbeats how far the feed is, however quiet its topics are', async () => {
    await using lab = await PushLab.open();
    const node = await lab.node({ tuning: { sessions: { heartbeatMs: 300 } } });
    const client = await node.connected();
    await client.subscribe('pbx');
    const { epoch } = await client.hears('reset');
    await lab.tell(one, { extension_update: [phone()] });
    const { offset } = await lab.feed.position(one);
    expect(await client.hears('ping', (ping) => ping.offset === offset)).toMatchObject({ epoch });
  });
});
