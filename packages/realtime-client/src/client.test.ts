import { describe, expect, it } from 'vitest';
import { chat, softphone } from './index.ts';
import { connectedLab, createLab } from './testing/connected-client.ts';

describe('connecting', () => {
  it('takes the address from the page, and offers the token beside the subprotocol only', async () => {
    const { world, client } = createLab();
    client.connect();
    await world.pass(0);
    expect(world.socket.url).toBe('wss://crm.example/ws');
    expect(world.socket.protocols).toEqual(['trunkline.v1', 'bearer.a.b.c']);
  });

  it.each([
    ['wss://push.example/rt', 'wss://push.example/rt'],
    ['http://push.example/rt', 'ws://push.example/rt'],
    ['/rt', 'wss://crm.example/rt'],
  ])('goes to %s where that is given', async (url, address) => {
    const { world, client } = createLab({ url });
    client.connect();
    await world.pass(0);
    expect(world.socket.url).toBe(address);
  });

  it('is connected when the server knows who is there, and not when the socket opens', async () => {
    const { world, client, told } = createLab();
    client.connect();
    client.connect();
    await world.pass(0);
    world.socket.readyState = 1;
    expect([client.isConnecting, client.isConnected, client.send({ type: 'ping' })]).toEqual([
      true,
      false,
      false,
    ]);
    world.socket.serve();
    expect([client.isConnecting, client.isConnected, client.send({ type: 'ping' })]).toEqual([
      false,
      true,
      true,
    ]);
    expect(client.getStatus()).toMatchObject({
      state: 'connected',
      user: 'ana',
      tenant: 't1',
      scopes: ['calls:read'],
    });
    expect([told, world.sockets.length]).toEqual([['connected'], 1]);
  });

  it('waits for a token: it says that one is required, and connects when there is one', async () => {
    let token: string | null = null;
    const { world, client, told } = createLab({ getToken: () => Promise.resolve(token) });
    client.connect();
    await world.pass(60_000);
    expect([told, world.sockets.length, client.getStatus().reason]).toEqual([
      ['auth_required'],
      0,
      'auth_required',
    ]);
    token = 'a.b.c';
    client.tokenChanged();
    await world.pass(0);
    world.socket.serve();
    expect(client.isConnected).toBe(true);
  });

  it('gives up an attempt that hangs anywhere, and comes back', async () => {
    for (const stuck of ['token', 'socket', 'hello'] as const) {
      const { world, client, told } = createLab(
        stuck === 'token' ? { getToken: () => new Promise<string>(() => undefined) } : {},
      );
      client.connect();
      await world.pass(0);
      if (stuck === 'hello') world.socket.readyState = 1;
      await world.pass(15_000);
      expect(told).toEqual(['failed', 'reconnecting']);
      expect(client.connectionError).toBe('no connection in time');
      expect(world.openSockets).toEqual([]);
      await world.pass(30_000);
      expect(told.slice(0, 4)).toEqual(['failed', 'reconnecting', 'failed', 'reconnecting']);
    }
  });

  it('a token provider that throws, and a socket that can not be made, count as failed attempts', async () => {
    const thrown = createLab({ getToken: () => Promise.reject(new Error('IdP is away')) });
    thrown.client.connect();
    await thrown.world.pass(0);
    expect(thrown.client.connectionError).toBe('no token could be had: IdP is away');
    const { told, world, client } = createLab({
      environment: {
        WebSocket: function refuse() {
          throw new Error('mixed content');
        } as never,
      },
    });
    // This lab has a world of its own below the one with the broken socket.
    client.connect();
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.sockets).toEqual([]);
    expect(told).toEqual(['failed', 'reconnecting']);
    client.disconnect();
  });
});

describe('losing a connection', () => {
  it('tells what happens in this order, and connects anew', async () => {
    const { world, client, told, socket } = await connectedLab();
    socket.drop();
    expect(client.getStatus()).toMatchObject({
      state: 'reconnecting',
      isConnected: false,
      reconnectAttempts: 1,
      connectionError: 'the connection was closed (1006)',
      nextAttemptAt: world.wall + 250,
    });
    await world.pass(250);
    world.socket.serve();
    expect(told).toEqual(['connected', 'disconnected', 'reconnecting', 'reconnected', 'connected']);
    expect(client.getStatus()).toMatchObject({
      reconnectAttempts: 0,
      nextAttemptAt: null,
      connectionError: null,
    });
  });

  it('a chat gives up after 1, 2, 4, 8 and 16 seconds, and says so', async () => {
    const { world, client, told } = createLab({ preset: chat });
    const delays: number[] = [];
    client.on('connection:reconnecting', ({ delayMs = 0 }) => void delays.push(delayMs));
    client.connect();
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await world.pass(0);
      if (world.openSockets.length > 0) world.socket.drop();
      await world.pass(16_000);
    }
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(told.at(-1)).toBe('max_attempts_reached');
    expect(client.getStatus()).toMatchObject({ state: 'disconnected', reason: 'max_attempts' });
    await world.pass(600_000);
    expect(world.sockets).toHaveLength(6);
    const again = client.forceReconnection();
    await world.pass(0);
    world.socket.serve();
    expect(await again).toBe(true);
  });

  it('a disconnect is final: whatever the old socket, the page or the clock still say', async () => {
    const { world, client, socket } = await connectedLab();
    client.disconnect();
    expect([socket.closedWith, client.getStatus().reason]).toEqual([1000, 'disconnected']);
    socket.drop();
    world.signal('online');
    world.signal('visible');
    await world.sleep(3_600_000);
    expect([world.sockets.length, world.timers, world.listeners.size]).toEqual([1, 0, 0]);
    client.connect();
    await world.pass(0);
    expect(world.sockets).toHaveLength(2);
  });

  it('what a socket says after it was let go of is not heard', async () => {
    const { world, client, socket } = await connectedLab();
    const heard: unknown[] = [];
    client.on('control', (message) => void heard.push(message));
    const { onmessage, onclose } = socket;
    void client.forceReconnection();
    await world.pass(0);
    const next = world.socket.serve();
    (onmessage as unknown as (event: object) => void)({
      data: '{"type":"error","kind":"internal","message":"x"}',
    });
    (onclose as unknown as (event: object) => void)({ code: 4403, reason: '' });
    expect([heard.length, client.isConnected, next.readyState]).toEqual([0, true, 1]);
  });

  it('a refused token is asked for anew once; refused again, nobody tries any more', async () => {
    const asked: boolean[] = [];
    const { world, client, told } = createLab({
      getToken: ({ fresh }) => {
        asked.push(fresh);
        return 'a.b.c';
      },
    });
    client.connect();
    await world.pass(0);
    world.socket.fail('auth_failed', 4401);
    await world.pass(0);
    world.socket.fail('auth_failed', 4401);
    await world.pass(600_000);
    expect([asked, told]).toEqual([
      [false, true],
      ['failed', 'failed', 'auth_failed'],
    ]);
    expect(client.getStatus()).toMatchObject({
      reason: 'auth_failed',
      connectionError: 'auth_failed, said the server',
    });
  });

  it('stays away as long as an overloaded server asks', async () => {
    const { world, client, socket } = await connectedLab();
    socket.fail('overloaded', 1013, { retryAfterMs: 20_000 });
    expect(client.nextAttemptAt).toBe(world.wall + 20_000);
  });

  it('the attempt that is under way is left alone when the network comes back', async () => {
    const { world, client } = createLab();
    client.connect();
    await world.pass(500);
    world.signal('online');
    await world.pass(0);
    expect(world.sockets).toHaveLength(1);
  });

  it('an office that gets its network back does not come all at once', async () => {
    const { world, client, socket } = await connectedLab();
    for (let attempt = 0; attempt < 6; attempt += 1) {
      (attempt === 0 ? socket : world.socket).drop();
      if (attempt < 5) await world.pass(30_000);
    }
    world.chance = 0.25;
    world.signal('online');
    expect(client.nextAttemptAt).toBe(world.wall + 250);
  });
});

describe('being alive', () => {
  it('answers the server from the message, also where timers stand still', async () => {
    const { socket } = await connectedLab();
    socket.say({ type: 'ping', id: 7 });
    socket.say({ type: 'ping' });
    expect(socket.sentOf('pong')).toEqual([{ type: 'pong', id: 7 }, { type: 'pong' }]);
  });

  it('measures round trips, and keeps the connection for a long time', async () => {
    const { world, client, socket } = await connectedLab({ preset: softphone });
    for (let round = 0; round < 50; round += 1) {
      const before = socket.sentOf('ping').length;
      while (socket.sentOf('ping').length === before) await world.pass(1_000);
      await world.pass(80);
      socket.say({ type: 'pong', id: socket.sentOf('ping').at(-1)?.['id'] });
    }
    expect(client.getStatus()).toMatchObject({
      latencyMs: expect.closeTo(80, -2),
      quality: 'good',
      healthScore: 100,
    });
    expect(world.sockets).toHaveLength(1);
  });

  it('a silent server is taken for dead after one unanswered ping; a softphone asks three times', async () => {
    for (const [options, misses] of [
      [{}, 1],
      [{ preset: softphone }, 3],
    ] as const) {
      const { world, told, socket } = await connectedLab(options);
      await world.pass(25_000 + 10_000 * misses);
      expect(told.filter((name) => name === 'health_degraded')).toHaveLength(misses);
      expect([told.includes('disconnected'), socket.closedWith]).toEqual([true, 4408]);
    }
  });

  it('after a sleep it asks before it judges, and leaves a connection that answers alone', async () => {
    for (const monotonic of [true, false]) {
      const { world, client, socket } = await connectedLab();
      const before = socket.sentOf('ping').length;
      await world.sleep(3_600_000, { monotonic });
      const pings = socket.sentOf('ping');
      expect(pings.length).toBe(before + 1);
      socket.say({ type: 'pong', id: pings.at(-1)?.['id'] });
      await world.pass(15_000);
      expect([client.isConnected, world.sockets.length]).toEqual([true, 1]);
    }
  });

  it('after a sleep a connection that does not answer within 5 s is replaced', async () => {
    const { world, client, socket } = await connectedLab();
    await world.sleep(3_600_000);
    await world.pass(5_000);
    expect([client.isConnected, socket.closedWith]).toEqual([false, 4408]);
    await world.pass(1_000);
    world.socket.serve();
    expect(client.isConnected).toBe(true);
  });

  it('an answer that lay unread while timers were held back counts', async () => {
    const { world, client, socket } = await connectedLab();
    await world.pass(20_000);
    const asked = socket.sentOf('ping').at(-1);
    expect(asked).toBeDefined();
    // Frozen for a minute: the deadline for the answer rings first, and far too late.
    world.now += 60_000;
    world.wall += 60_000;
    await world.pass(10);
    socket.say({ type: 'pong', id: socket.sentOf('ping').at(-1)?.['id'] });
    await world.pass(20_000);
    expect([client.isConnected, world.sockets.length]).toEqual([true, 1]);
  });

  it('an attempt that a sleep overtook is begun anew', async () => {
    const { world, client } = createLab();
    client.connect();
    await world.pass(2_000);
    await world.sleep(3_600_000, { monotonic: false });
    expect(world.sockets.length).toBe(2);
    expect(world.openSockets).toHaveLength(1);
  });

  it('somebody who looks at the page again makes it ask', async () => {
    const { world, socket } = await connectedLab();
    world.signal('visible');
    world.signal('visible');
    expect(socket.sentOf('ping')).toHaveLength(1);
    expect(world.sockets).toHaveLength(1);
  });

  it('tells its health every half minute', async () => {
    const { world, client } = await connectedLab();
    const scores: number[] = [];
    client.on('connection:health_check', ({ healthScore }) => void scores.push(healthScore));
    for (let second = 0; second < 90; second += 1) {
      await world.pass(1_000);
      for (const { id } of world.socket.sentOf('ping') as { id?: number }[])
        world.socket.say({ type: 'pong', id });
    }
    expect(scores).toEqual([100, 100, 100]);
  });
});

describe('being moved', () => {
  it('opens the next socket in its slot, and closes the old one only when the new one serves', async () => {
    const { world, client, told, socket } = await connectedLab({ topics: ['calls'] });
    socket.say({
      type: 'reset',
      topic: 'calls',
      epoch: 'e1',
      offset: '5-0',
      reason: 'new',
      resumable: false,
    });
    socket.say({ type: 'snapshot', topic: 'calls', part: 0, last: true, rows: {} });
    socket.say({ type: 'moving', afterMs: 2_000, closeInMs: 9_000 });
    await world.pass(1_999);
    expect(world.sockets).toHaveLength(1);
    await world.pass(1);
    expect([world.openSockets.length, client.isConnected, client.topicStatus('calls').state]).toEqual([
      2,
      true,
      'live',
    ]);
    const next = world.socket.serve();
    expect(next.sentOf('resume')).toEqual([
      { type: 'resume', topics: [{ topic: 'calls', epoch: 'e1', offset: '5-0' }] },
    ]);
    expect([socket.closedWith, client.isConnected, told]).toEqual([1000, true, ['connected', 'moved']]);
  });

  it('a move that fails costs nothing while the old socket serves, and is tried again', async () => {
    const { world, client, told, socket } = await connectedLab();
    socket.say({ type: 'moving', afterMs: 0, closeInMs: 60_000 });
    await world.pass(0);
    world.socket.drop();
    expect([client.isConnected, told]).toEqual([true, ['connected', 'failed']]);
    await world.pass(1_000);
    expect(world.openSockets).toHaveLength(2);
    world.socket.serve();
    expect([client.isConnected, socket.closedWith]).toEqual([true, 1000]);
  });

  it('an old socket that closes early leaves the one on its way', async () => {
    const { world, client, socket } = await connectedLab();
    socket.say({ type: 'moving', afterMs: 0, closeInMs: 10 });
    await world.pass(0);
    socket.drop(1012);
    expect([client.isConnected, client.isConnecting, world.openSockets.length]).toEqual([false, true, 1]);
    world.socket.serve();
    expect([client.isConnected, world.sockets.length]).toEqual([true, 2]);
  });
});

describe('the token', () => {
  it('is renewed in place, well before it expires', async () => {
    let issued = 0;
    const { world, client } = createLab({
      getToken: () => `a.b.${(issued += 1)}`,
      heartbeatInterval: 600_000,
    });
    client.connect();
    await world.pass(0);
    const socket = world.socket.serve({ expiresInMs: 100_000 });
    await world.pass(75_000);
    expect(socket.sentOf('auth')).toEqual([{ type: 'auth', token: 'a.b.2' }]);
    socket.say({ type: 'renewed', scopes: ['calls:read'], expiresInMs: 1_000_000 });
    await world.pass(60_000);
    expect(socket.sentOf('auth')).toHaveLength(1);
    expect(world.sockets).toHaveLength(1);
  });

  it('is asked for again when the provider hangs or fails, or the server refuses the next one', async () => {
    let asked = 0;
    const { world, client } = createLab({
      heartbeatInterval: 600_000,
      getToken: () => {
        asked += 1;
        if (asked === 2) return new Promise<string>(() => undefined);
        if (asked === 3) return Promise.reject(new Error('away'));
        return `a.b.${asked}`;
      },
    });
    client.connect();
    await world.pass(0);
    const socket = world.socket.serve({ expiresInMs: 100_000 });
    await world.pass(86_000);
    // Asked at 75, 80 and 85 s.
    expect([asked, socket.sentOf('auth')]).toEqual([4, [{ type: 'auth', token: 'a.b.4' }]]);
    socket.say({ type: 'error', kind: 'renewal_failed', message: 'no' });
    await world.pass(5_000);
    expect(socket.sentOf('auth')).toHaveLength(2);
  });

  it('a token of a new sign-in goes out at once', async () => {
    const { world, client, socket } = await connectedLab();
    client.tokenChanged();
    await world.pass(0);
    expect(socket.sentOf('auth')).toHaveLength(1);
  });
});

describe('listeners', () => {
  it('one that throws is logged and harms nobody', async () => {
    const { world, client } = createLab();
    const heard: string[] = [];
    client.on('connection:connected', () => {
      throw new Error('mine');
    });
    client.on('connection:connected', async () => {
      await Promise.resolve();
      throw new Error('late');
    });
    client.on('connection:connected', () => void heard.push('connected'));
    client.onStatus(() => {
      throw new Error('status');
    });
    client.connect();
    await world.pass(0);
    world.socket.serve();
    await world.pass(0);
    expect([heard, client.isConnected]).toEqual([['connected'], true]);
    expect(world.logged.filter(({ level }) => level === 'error').length).toBeGreaterThanOrEqual(2);
  });

  it('the status is the same object until something changes', async () => {
    const { world, client } = await connectedLab();
    const before = client.getStatus();
    let changes = 0;
    client.onStatus(() => void (changes += 1));
    await world.pass(5_000);
    expect([client.getStatus() === before, changes]).toEqual([true, 0]);
  });

  it('nonsense from the server is logged and skipped', async () => {
    const { world, client, socket } = await connectedLab();
    for (const data of ['', 'null', '[]', '{"type":7}', '{', new ArrayBuffer(3)]) socket.sayText(data);
    socket.say({ type: 'from-a-later-version', rows: 7 });
    socket.say({ type: 'call_update', topic: 'calls', offset: '1-0', rows: [] });
    expect(client.isConnected).toBe(true);
    expect(world.logged.length).toBeGreaterThanOrEqual(5);
  });
});
