import { startFaultProxy } from '@trunkline/backing-services/testing';
import { createClient, type ClientOptions, type RealtimeClient } from '@trunkline/realtime-client';
import { createCommands } from '@trunkline/realtime-client/commands';
import { storeOf } from '@trunkline/realtime-client/store';
import { describe, expect, it, vi } from 'vitest';
import { ScriptedPush } from './support/scripted-push.ts';

const quick = { baseDelay: 50, maxDelay: 200, minimumUptime: 100, pongTimeout: 500, heartbeatInterval: 300 };
const soon = { timeout: 15_000, interval: 20 };

function journalOf(client: RealtimeClient): string[] {
  const journal: string[] = [];
  client.on('notification', ({ notification }) => void journal.push(notification));
  return journal;
}

const silent = { debug: () => undefined, warn: () => undefined, error: () => undefined };

function connect(url: string, options: ClientOptions = {}) {
  const client = createClient({
    url,
    token: 'a.b.c',
    topics: ['user:ana'],
    environment: { log: silent },
    ...quick,
    ...options,
  });
  return { client, journal: journalOf(client), [Symbol.dispose]: () => client.disconnect() };
}

const connected = (client: RealtimeClient) => vi.waitFor(() => expect(client.isConnected).toBe(true), soon);
const live = (client: RealtimeClient) =>
  vi.waitFor(() => expect(client.topicStatus('user:ana').state).toBe('live'), soon);

describe('a client in Node against a scripted server on real sockets', () => {
  it('connects with the token in the subprotocol, measures, renews in place, and leaves when told', async () => {
    await using push = await ScriptedPush.start({ expiresInMs: 2_000 });
    let tokens = 0;
    using lab = connect(push.url, { getToken: () => `a.b.${(tokens += 1)}` });
    await live(lab.client);
    await vi.waitFor(() => expect(lab.client.getStatus().latencyMs).not.toBeNull(), soon);
    await vi.waitFor(() => expect(push.heard).toContainEqual({ type: 'auth', token: 'a.b.2' }), soon);
    expect(push.accepted).toBe(1);
    lab.client.disconnect();
    await vi.waitFor(() => expect(push.sessions.size).toBe(0), soon);
  });

  it('misses nothing and repeats nothing, whatever cuts the connection', { timeout: 60_000 }, async () => {
    await using push = await ScriptedPush.start();
    await using proxy = await startFaultProxy({ port: push.port });
    using lab = connect(`ws://127.0.0.1:${proxy.port}/ws`);
    await live(lab.client);
    const published: string[] = [];
    const timer = setInterval(() => {
      published.push(`n${published.length}`);
      push.publish('user:ana', 'notification', { user: 'ana', notification: published.at(-1) });
    }, 5);
    try {
      for (const fault of ['reset', 'strand', 'close', 'refuse', 'reset', 'strand'] as const) {
        const before = lab.journal.length;
        await vi.waitFor(() => expect(lab.journal.length).toBeGreaterThan(before + 10), soon);
        if (fault === 'close') push.closeAll(1012);
        else if (fault === 'strand') proxy.strand('up', 'down');
        else proxy.reset();
        if (fault === 'refuse') {
          proxy.refuse();
          await vi.waitFor(() => expect(lab.client.reconnectAttempts).toBeGreaterThan(2), soon);
          proxy.accept();
        }
      }
    } finally {
      clearInterval(timer);
    }
    await vi.waitFor(() => expect(lab.journal.length).toBe(published.length), soon);
    expect(lab.journal).toEqual(published);
    expect(push.accepted).toBeGreaterThan(5);
  });

  it('a server that moves it gets it on a second socket before the first is closed', async () => {
    await using push = await ScriptedPush.start();
    using lab = connect(push.url);
    await live(lab.client);
    const told: string[] = [];
    for (const name of ['connection:disconnected', 'connection:moved'] as const) {
      lab.client.on(name, () => void told.push(name));
    }
    push.say({ type: 'moving', afterMs: 50, closeInMs: 5_000 });
    await vi.waitFor(() => expect(told).toEqual(['connection:moved']), soon);
    await vi.waitFor(() => expect(push.sessions.size).toBe(1), soon);
    push.publish('user:ana', 'notification', { user: 'ana', notification: 'after' });
    await vi.waitFor(() => expect(lab.journal).toEqual(['after']), soon);
    expect(push.accepted).toBe(2);
  });

  it('a terminal close ends it, and a server that asks for patience gets it', async () => {
    await using push = await ScriptedPush.start();
    using lab = connect(push.url);
    await connected(lab.client);
    push.closeAll(4403, 'forbidden');
    await vi.waitFor(() => expect(lab.client.getStatus().reason).toBe('forbidden'), soon);
    expect(push.accepted).toBe(1);
  });

  it('keeps a store of calls, and carries commands out', async () => {
    await using push = await ScriptedPush.start();
    const call = (status: string, revision: number) => ({
      pbx: 'p',
      call: 'c',
      status,
      revision,
      extensions: ['1001'],
    });
    push.snapshots.set('calls', { call_update: [call('ringing', 1)] });
    using lab = connect(push.url, { topics: [] });
    lab.client.connect();
    const store = storeOf(lab.client);
    store.watch('calls');
    await vi.waitFor(() => expect(store.get('call', 'p/c')?.status).toBe('ringing'), soon);
    push.publish('calls', 'call_update', call('connected', 2));
    await vi.waitFor(() => expect(store.get('call', 'p/c')?.status).toBe('connected'), soon);
    const { command } = createCommands(lab.client);
    expect(await command({ kind: 'hang_up', pbx: 'p', call: 'c' })).toEqual({});
  });
});
