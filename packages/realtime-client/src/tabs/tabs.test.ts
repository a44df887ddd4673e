import { describe, expect, it } from 'vitest';
import { createClient, type RealtimeClient } from '../client.ts';
import { FakeBrowser, type FakeTab } from '../testing/fake-tabs.ts';
import { FakeWorld } from '../testing/fake-world.ts';
import { principalOf } from './principal-of.ts';
import { sharedSocket } from './shared-socket.ts';

const tokenOf = (user: string, exp = 1) =>
  `h.${btoa(JSON.stringify({ sub: user, exp })).replaceAll('=', '')}.s`;

interface Tab {
  readonly tab: FakeTab;
  readonly client: RealtimeClient;
  readonly heard: string[];
}

function createLab() {
  const world = new FakeWorld();
  const browser = new FakeBrowser();
  let chance = 0;
  // Names of sockets come from chance, so it must not stand still here.
  const random = () => (chance += 0.618_033_988_75) % 1;
  const environment = { ...world.environment, random };

  function open(user = 'ana', options = {}): Tab {
    const tab = browser.openTab();
    const WebSocket = sharedSocket({
      WebSocket: world.environment.WebSocket,
      locks: tab.locks,
      openChannel: tab.openChannel,
      environment,
    });
    const client = createClient({
      getToken: () => tokenOf(user, (chance += 1)),
      environment: { ...environment, WebSocket },
      topics: ['user:ana'],
      ...options,
    });
    const heard: string[] = [];
    client.on('notification', ({ notification }) => void heard.push(notification));
    return { tab, client, heard };
  }

  /** The server answers for a topic as often as it is asked. */
  function answerAll(offset = '1-0'): void {
    const { socket } = world;
    const asked = socket.sentOf('subscribe').length + socket.sentOf('resume').length;
    const at = { topic: 'user:ana', epoch: 'e1', offset };
    for (let number = 0; number < asked; number += 1) {
      socket.say({ type: 'reset', ...at, reason: 'new', resumable: false });
      socket.say({ type: 'snapshot', topic: 'user:ana', part: 0, last: true, rows: {} });
    }
  }

  const tell = (offset: string, notification: string) =>
    world.socket.say({
      type: 'notification',
      topic: 'user:ana',
      offset,
      rows: [{ user: 'ana', notification }],
    });

  return { world, open, answerAll, tell };
}

async function twoTabs() {
  const lab = createLab();
  const first = lab.open();
  await lab.world.pass(10);
  lab.world.socket.serve();
  await lab.world.pass(10);
  const second = lab.open();
  await lab.world.pass(10);
  lab.answerAll();
  await lab.world.pass(10);
  return { ...lab, first, second };
}

describe('two tabs of one person', () => {
  it('share one socket, and each hears everything', async () => {
    const { world, first, second, tell } = await twoTabs();
    expect([world.sockets.length, first.client.isConnected, second.client.isConnected]).toEqual([
      1,
      true,
      true,
    ]);
    expect(second.client.getStatus()).toMatchObject({ user: 'ana', tenant: 't1' });
    tell('2-0', 'one');
    await world.pass(10);
    expect([first.heard, second.heard]).toEqual([['one'], ['one']]);
  });

  it('that comes later does not make the first one repeat or forget anything', async () => {
    const { world, open, first, tell } = await twoTabs();
    tell('2-0', 'one');
    await world.pass(10);
    const third = open();
    await world.pass(20);
    const at = { topic: 'user:ana', epoch: 'e1', offset: '2-0' };
    const states: string[] = [];
    first.client.on('topic:status', ({ status }) => void states.push(status.state));
    world.socket.say({ type: 'reset', ...at, reason: 'new', resumable: false });
    tell('3-0', 'two');
    world.socket.say({ type: 'snapshot', topic: 'user:ana', part: 0, last: true, rows: {} });
    await world.pass(10);
    expect([first.heard, third.heard, states]).toEqual([['one', 'two'], ['two'], []]);
  });

  it('that comes while the server is delayed knows it too', async () => {
    const { world, open, answerAll } = await twoTabs();
    world.socket.say({ type: 'delayed' });
    const third = open();
    await world.pass(10);
    answerAll();
    await world.pass(10);
    expect(third.client.topicStatus('user:ana').state).toBe('delayed');
    world.socket.say({ type: 'fresh' });
    const fourth = open();
    await world.pass(10);
    answerAll();
    await world.pass(10);
    expect([third, fourth].map(({ client }) => client.topicStatus('user:ana').state)).toEqual([
      'live',
      'live',
    ]);
  });

  it('answers of the server go to whoever asked', async () => {
    const { world, first, second } = await twoTabs();
    const results: string[] = [];
    for (const [name, { client }] of Object.entries({ first, second })) {
      client.on(
        'control',
        (message) => void (message.type === 'result' && results.push(`${name} ${message.id}`)),
      );
      client.send({
        type: 'command',
        id: '1',
        key: name,
        expiresInMs: 1,
        command: { kind: 'acknowledge', notification: '' },
      });
    }
    await world.pass(10);
    const [, of] = world.socket.sentOf('command');
    world.socket.say({ type: 'result', id: of?.['id'], ok: true, result: {} });
    await world.pass(10);
    expect(results).toEqual(['second 1']);
    const pings = world.socket.sentOf('pong').length;
    world.socket.say({ type: 'ping', id: 5 });
    await world.pass(10);
    expect(world.socket.sentOf('pong').length).toBe(pings + 1);
  });

  it('a topic goes when the last tab lets go of it', async () => {
    const { world, first, second } = await twoTabs();
    const stops = [first, second].map(({ client }) => client.subscribe('calls'));
    await world.pass(10);
    stops[0]?.();
    await world.pass(2_000);
    expect(world.socket.sentOf('unsubscribe')).toEqual([]);
    stops[1]?.();
    await world.pass(2_000);
    expect(world.socket.sentOf('unsubscribe')).toEqual([{ type: 'unsubscribe', topics: ['calls'] }]);
  });

  it('when the one that holds the socket is closed, the other goes on from its own position', async () => {
    const { world, first, second, tell } = await twoTabs();
    tell('2-0', 'one');
    await world.pass(10);
    first.tab.close();
    world.sockets[0]?.close();
    await world.pass(1_100);
    expect(world.sockets).toHaveLength(2);
    world.socket.serve();
    await world.pass(10);
    expect(world.socket.sentOf('resume')).toEqual([
      { type: 'resume', topics: [{ topic: 'user:ana', epoch: 'e1', offset: '2-0' }] },
    ]);
    tell('3-0', 'two');
    await world.pass(10);
    expect([second.client.isConnected, second.heard]).toEqual([true, ['one', 'two']]);
  });

  it('when the one that holds the socket freezes, it is robbed of it, and gives way when it wakes', async () => {
    const { world, first, second } = await twoTabs();
    first.tab.freeze();
    world.signal('visible');
    // 5 s for the probe, up to 1 s of spread, 3 s of patience.
    await world.pass(10_000);
    expect(world.sockets).toHaveLength(2);
    world.socket.serve();
    await world.pass(10);
    expect(second.client.isConnected).toBe(true);
    first.tab.thaw();
    await world.pass(2_000);
    expect([world.sockets[0]?.readyState, world.sockets.length, first.client.isConnected]).toEqual([
      3,
      2,
      true,
    ]);
  });

  it('the loss of the socket is told to both, with its code', async () => {
    const { world, first, second } = await twoTabs();
    world.socket.fail('forbidden', 4403);
    await world.pass(10);
    expect([first, second].map(({ client }) => client.getStatus().reason)).toEqual([
      'forbidden',
      'forbidden',
    ]);
  });

  it('a move takes both along, with two real sockets at most', async () => {
    const { world, first, second } = await twoTabs();
    world.socket.say({ type: 'moving', afterMs: 1_000, closeInMs: 9_000 });
    await world.pass(1_100);
    expect(world.openSockets).toHaveLength(2);
    world.socket.serve();
    await world.pass(100);
    expect([world.openSockets.length, world.sockets[0]?.closedWith]).toEqual([1, 1000]);
    expect([first, second].map(({ client }) => client.isConnected)).toEqual([true, true]);
  });

  it('one that disconnects leaves the socket to the other', async () => {
    const { world, first, second } = await twoTabs();
    first.client.disconnect();
    await world.pass(10);
    expect([world.openSockets.length, second.client.isConnected]).toEqual([1, true]);
    second.client.disconnect();
    await world.pass(10);
    expect(world.openSockets.length).toBe(0);
  });
});

describe('nothing is shared', () => {
  it('between two people', async () => {
    const { world, open } = createLab();
    open('ana');
    open('ben');
    await world.pass(10);
    expect(world.sockets).toHaveLength(2);
  });

  it("in nobody's name", () => {
    expect(principalOf(['trunkline.v1', 'bearer.opaque'])).toBeNull();
    expect(principalOf(['trunkline.v1'])).toBeNull();
    expect(principalOf(['trunkline.v1', `bearer.${tokenOf('ana', 1)}`])).toBe(
      principalOf(['trunkline.v1', `bearer.${tokenOf('ana', 2)}`]),
    );
  });

  it('where the browser has no locks: each tab has its own socket', () => {
    const { environment } = new FakeWorld();
    const { WebSocket } = environment;
    const { openChannel } = new FakeBrowser().openTab();
    expect(sharedSocket({ WebSocket, locks: null, openChannel, environment })).toBe(WebSocket);
    expect(sharedSocket({ WebSocket, openChannel: null, environment })).toBe(WebSocket);
  });

  it('where locks are refused: the tab leads itself alone', async () => {
    const world = new FakeWorld();
    const browser = new FakeBrowser();
    const WebSocket = sharedSocket({
      WebSocket: world.environment.WebSocket,
      locks: { request: () => Promise.reject(new Error('SecurityError')) },
      openChannel: browser.openTab().openChannel,
      environment: world.environment,
    });
    const client = createClient({ token: tokenOf('ana'), environment: { ...world.environment, WebSocket } });
    client.connect();
    await world.pass(10);
    world.socket.serve();
    await world.pass(10);
    expect(client.isConnected).toBe(true);
  });
});
