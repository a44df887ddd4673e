import { describe, expect, it } from 'vitest';
import { connectedLab, createLab, following, type Lab } from '../testing/connected-client.ts';

const data = (offset: string, ...rows: object[]) => ({
  type: 'notification',
  topic: 'user:ana',
  offset,
  rows,
});
const row = (notification: string) => ({ user: 'ana', notification });

/** The notifications that were told, in order. */
function journal({ client }: Lab): string[] {
  const told: string[] = [];
  client.on('notification', ({ notification }) => void told.push(notification));
  return told;
}

describe('what a page wants to hear', () => {
  it('is asked for once, however many want it, and in one message', async () => {
    const { world, client, socket } = await connectedLab();
    client.subscribe('calls');
    client.subscribe('calls');
    client.subscribe('extensions');
    await world.pass(10);
    expect(socket.sentOf('subscribe')).toEqual([
      { type: 'subscribe', topics: [{ topic: 'calls' }, { topic: 'extensions' }] },
    ]);
  });

  it('is let go of a moment after the last one did, and not at all if somebody came meanwhile', async () => {
    const { world, client, socket } = await connectedLab();
    const [stop, stopOther] = [client.subscribe('calls'), client.subscribe('calls')];
    await world.pass(10);
    stop();
    stop();
    await world.pass(5_000);
    expect(socket.sentOf('unsubscribe')).toEqual([]);
    stopOther();
    const stopLast = client.subscribe('calls');
    await world.pass(5_000);
    expect([socket.sentOf('unsubscribe'), socket.sentOf('subscribe').length]).toEqual([[], 1]);
    stopLast();
    await world.pass(5_000);
    expect(socket.sentOf('unsubscribe')).toEqual([{ type: 'unsubscribe', topics: ['calls'] }]);
  });

  it('goes in several messages where there is much', async () => {
    const { world, client, socket } = await connectedLab();
    for (let number = 0; number < 70; number += 1) client.subscribe(`calls:${number}`);
    await world.pass(10);
    const asked = socket.sentOf('subscribe').map(({ topics }) => (topics as unknown[]).length);
    expect(asked).toEqual([30, 30, 10]);
  });
});

describe('a position', () => {
  it('goes with the data, and whoever serves next is told of it', async () => {
    const lab = await connectedLab();
    const { world, client } = lab;
    const told = journal(lab);
    await following(lab, 'user:ana');
    world.socket.say(data('11-0', row('one')));
    world.socket.say(data('12-0', row('two')));
    world.socket.drop();
    await world.pass(1_000);
    const next = world.socket.serve();
    expect(next.sent[0]).toEqual({
      type: 'resume',
      topics: [{ topic: 'user:ana', epoch: 'e1', offset: '12-0' }],
    });
    // What was missed, and something that was not.
    next.say(data('12-0', row('two')));
    next.say(data('13-0', row('three')));
    next.say({ type: 'replayed', topic: 'user:ana', epoch: 'e1', offset: '13-0', count: 2 });
    expect(told).toEqual(['one', 'two', 'three']);
    expect(client.positionOf('user:ana')).toEqual({ epoch: 'e1', offset: '13-0' });
  });

  it('moves with what is replayed, so that a second loss does not bring it all again', async () => {
    const lab = await connectedLab();
    const told = journal(lab);
    await following(lab, 'user:ana');
    lab.world.socket.drop();
    await lab.world.pass(1_000);
    lab.world.socket.serve().say(data('11-0', row('one')));
    lab.world.socket.drop();
    await lab.world.pass(30_000);
    expect(lab.world.socket.serve().sent[0]).toEqual({
      type: 'resume',
      topics: [{ topic: 'user:ana', epoch: 'e1', offset: '11-0' }],
    });
    expect(told).toEqual(['one']);
  });

  it('is compared as two numbers', async () => {
    const lab = await connectedLab();
    const told = journal(lab);
    await following(lab, 'user:ana', {}, { epoch: 'e1', offset: '9-9' });
    lab.world.socket.say(data('9-10', row('one')));
    lab.world.socket.say(data('10-0', row('two')));
    lab.world.socket.say(data('9-11', row('late')));
    expect(told).toEqual(['one', 'two']);
  });

  it('stands behind an entry only when all its messages have come: half of one is told again, and once', async () => {
    const lab = await connectedLab();
    const told = journal(lab);
    await following(lab, 'user:ana');
    lab.world.socket.say({ ...data('11-0', row('one')), more: true });
    expect(told).toEqual([]);
    lab.world.socket.drop();
    await lab.world.pass(1_000);
    const next = lab.world.socket.serve();
    expect(next.sent[0]).toMatchObject({ topics: [{ offset: '10-0' }] });
    next.say({ ...data('11-0', row('one')), more: true });
    next.say(data('11-0', row('two')));
    expect(told).toEqual(['one', 'two']);
  });

  it('of a quiet topic is moved by the heartbeat, within the same epoch', async () => {
    const lab = await connectedLab();
    await following(lab, 'user:ana');
    lab.world.socket.say({ type: 'ping', epoch: 'e2', offset: '99-0' });
    expect(lab.client.positionOf('user:ana')).toEqual({ epoch: 'e1', offset: '10-0' });
    lab.world.socket.say({ type: 'ping', epoch: 'e1', offset: '50-0' });
    expect(lab.client.positionOf('user:ana')).toEqual({ epoch: 'e1', offset: '50-0' });
  });

  it('is not taken from a snapshot of which only a part has come', async () => {
    const lab = await connectedLab();
    const { world, client } = lab;
    client.subscribe('calls');
    await world.pass(10);
    world.socket.say({
      type: 'reset',
      topic: 'calls',
      epoch: 'e1',
      offset: '10-0',
      reason: 'new',
      resumable: false,
    });
    world.socket.say({ type: 'snapshot', topic: 'calls', part: 0, last: false, rows: { call_update: [] } });
    world.socket.drop();
    await world.pass(1_000);
    expect(world.socket.serve().sent[0]).toEqual({ type: 'subscribe', topics: [{ topic: 'calls' }] });
  });
});

describe('a reset', () => {
  it('tells the state in one piece, and what came behind it after it', async () => {
    const lab = await connectedLab();
    const { world, client } = lab;
    const heard: unknown[] = [];
    client.on('topic:snapshot', ({ topic, reason, rows }) => void heard.push([topic, reason, rows]));
    client.on('message', ({ offset }) => void heard.push(offset));
    client.subscribe('calls');
    await world.pass(10);
    const call = (call: string) => ({ pbx: 'p1', call, status: 'ringing', revision: 1 });
    const { socket } = world;
    socket.say({
      type: 'reset',
      topic: 'calls',
      epoch: 'e1',
      offset: '10-0',
      reason: 'new',
      resumable: false,
    });
    socket.say({
      type: 'snapshot',
      topic: 'calls',
      part: 0,
      last: false,
      rows: { call_update: [call('a')] },
    });
    socket.say({ type: 'call_update', topic: 'calls', offset: '11-0', rows: [call('c')] });
    socket.say({ type: 'snapshot', topic: 'calls', part: 1, last: true, rows: { call_update: [call('b')] } });
    expect(heard).toEqual([['calls', 'new', { call_update: [call('a'), call('b')] }], '11-0']);
    expect(client.topicStatus('calls').state).toBe('live');
  });

  it('of somebody who read too slowly goes on where it ended', async () => {
    const lab = await connectedLab();
    const told = journal(lab);
    await following(lab, 'user:ana');
    lab.world.socket.say({
      type: 'reset',
      topic: 'user:ana',
      epoch: 'e1',
      offset: '12-0',
      reason: 'slow',
      resumable: true,
    });
    expect(lab.client.topicStatus('user:ana').state).toBe('stale');
    await lab.world.pass(1_000);
    expect(lab.world.socket.sentOf('resume')).toEqual([
      { type: 'resume', topics: [{ topic: 'user:ana', epoch: 'e1', offset: '12-0' }] },
    ]);
    lab.world.socket.say(data('13-0', row('three')));
    lab.world.socket.say({ type: 'replayed', topic: 'user:ana', epoch: 'e1', offset: '13-0', count: 1 });
    expect([told, lab.client.topicStatus('user:ana').state]).toEqual([['three'], 'live']);
  });

  it('what a refused or unknown topic tells is not taken', async () => {
    const { world, client } = await connectedLab();
    const heard: unknown[] = [];
    client.on('message', (message) => void heard.push(message));
    client.subscribe('cleanup');
    await world.pass(10);
    world.socket.say({ type: 'cleanup_run', topic: 'cleanup', offset: '9-0', rows: [] });
    world.socket.say({ type: 'error', kind: 'not_allowed', message: 'needs ops:read', topic: 'cleanup' });
    expect([heard, client.topicStatus('cleanup')]).toEqual([
      [],
      { state: 'refused', asOf: null, problem: 'not_allowed' },
    ]);
    world.socket.drop();
    await world.pass(1_000);
    // Rights may be others by now.
    expect(world.socket.serve().sentOf('subscribe')).toHaveLength(1);
  });

  it('a topic that can not be served now is asked for again', async () => {
    const { world, client, socket } = await connectedLab();
    client.subscribe('calls');
    await world.pass(10);
    socket.say({ type: 'error', kind: 'unavailable', message: 'later', topic: 'calls', retryAfterMs: 3_000 });
    await world.pass(6_000);
    expect(socket.sentOf('subscribe')).toHaveLength(2);
  });
});

describe('how fresh a topic is', () => {
  const states = ({ client }: Lab): string[] => {
    const told: string[] = [];
    client.on('topic:status', ({ topic, status }) => void (topic === 'calls' && told.push(status.state)));
    return told;
  };

  it('goes from waiting to live, to stale when the connection is lost, and back', async () => {
    const lab = await connectedLab();
    const { world, client } = lab;
    const told = states(lab);
    expect(client.topicStatus('calls').state).toBe('waiting');
    await following(lab, 'calls');
    const heardAt = world.wall;
    await world.pass(5_000);
    world.socket.drop();
    expect(client.topicStatus('calls')).toEqual({ state: 'stale', asOf: heardAt, problem: null });
    await world.pass(1_000);
    world.socket.serve().say({ type: 'replayed', topic: 'calls', epoch: 'e1', offset: '10-0', count: 0 });
    expect([client.topicStatus('calls'), told]).toEqual([
      { state: 'live', asOf: null, problem: null },
      ['live', 'stale', 'live'],
    ]);
  });

  it('is stale after more silence than the topic may keep; heartbeats with a position break it', async () => {
    const lab = await connectedLab({ heartbeatInterval: 600_000 });
    await following(lab, 'calls');
    for (let beat = 0; beat < 10; beat += 1) {
      await lab.world.pass(20_000);
      lab.world.socket.say({ type: 'ping', epoch: 'e1', offset: `${20 + beat}-0` });
    }
    expect(lab.client.topicStatus('calls').state).toBe('live');
    await lab.world.pass(59_000);
    expect(lab.client.topicStatus('calls').state).toBe('live');
    await lab.world.pass(2_000);
    expect(lab.client.topicStatus('calls')).toMatchObject({ state: 'stale', asOf: lab.world.wall - 61_000 });
  });

  it('is delayed when the server says so, with the moment that is shown, until it says otherwise', async () => {
    const lab = await connectedLab();
    await following(lab, 'calls');
    const shown = lab.world.wall;
    await lab.world.pass(2_000);
    lab.world.socket.say({ type: 'delayed' });
    expect(lab.client.topicStatus('calls')).toEqual({ state: 'delayed', asOf: shown, problem: null });
    lab.world.socket.say({ type: 'fresh', topics: ['extensions'] });
    expect(lab.client.topicStatus('calls').state).toBe('delayed');
    lab.world.socket.say({ type: 'fresh', topics: ['calls'] });
    expect(lab.client.topicStatus('calls').state).toBe('live');
  });

  it('[LIVE4] is delayed from its first answer on where the connection was told so before anybody wanted it', async () => {
    const lab = await connectedLab();
    await following(lab, 'calls');
    const { socket } = lab.world;
    socket.say({ type: 'delayed' });
    await following(lab, 'extensions');
    expect(lab.client.topicStatus('extensions').state).toBe('delayed');
    // About some topics only: those that come later are delayed all the same.
    socket.say({ type: 'fresh', topics: ['calls', 'extensions'] });
    await following(lab, 'pbx');
    expect(lab.client.topicStatus('extensions').state).toBe('live');
    expect(lab.client.topicStatus('pbx').state).toBe('delayed');
    socket.say({ type: 'fresh' });
    await following(lab, 'cleanup');
    expect(['pbx', 'cleanup'].map((topic) => lab.client.topicStatus(topic).state)).toEqual(['live', 'live']);
  });

  it('[LIVE4] what one server could not tell in time does not follow to the next, which says so itself', async () => {
    const lab = await connectedLab();
    await following(lab, 'calls');
    lab.world.socket.say({ type: 'delayed' });
    lab.world.socket.drop();
    await lab.world.pass(1_000);
    const next = lab.world.socket.serve();
    next.say({ type: 'replayed', topic: 'calls', epoch: 'e1', offset: '10-0', count: 0 });
    expect(lab.client.topicStatus('calls').state).toBe('live');
    next.say({ type: 'delayed' });
    expect(lab.client.topicStatus('calls').state).toBe('delayed');
  });
});

it('a client that is disconnected keeps what is wanted, and asks for it when it connects', async () => {
  const { world, client } = createLab({ topics: ['calls'], autoConnect: false });
  await world.pass(1_000);
  expect(world.sockets).toEqual([]);
  client.connect();
  await world.pass(0);
  expect(world.socket.serve().sentOf('subscribe')).toHaveLength(1);
});
