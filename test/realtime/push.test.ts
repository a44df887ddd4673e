import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createClient, type ClientOptions, type SocketConstructor } from '@trunkline/realtime-client';
import { createCommands, type CommandError } from '@trunkline/realtime-client/commands';
import { storeOf } from '@trunkline/realtime-client/store';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PushFleet } from './support/push-fleet.ts';

const soon = { timeout: 60_000, interval: 50 };
const silent = { debug: () => undefined, warn: () => undefined, error: () => undefined };

describe('the client against the real push', { timeout: 180_000 }, () => {
  let fleet: PushFleet;

  beforeAll(async () => {
    fleet = await PushFleet.open();
    await Promise.all([fleet.start(), fleet.start()]);
  }, 180_000);
  afterAll(() => fleet[Symbol.asyncDispose]());

  /** Each attempt goes to another node, as behind a balancer. */
  function connect(options: ClientOptions = {}) {
    let attempts = 0;
    const WebSocket = function open(_url: string, protocols: string[]) {
      const ports = [...fleet.nodes].map(({ port }) => port);
      return new globalThis.WebSocket(
        `ws://127.0.0.1:${ports[(attempts += 1) % ports.length]}/ws`,
        protocols,
      );
    } as unknown as SocketConstructor;
    const client = createClient({
      url: 'ws://balancer/ws',
      getToken: () => fleet.token(),
      environment: { WebSocket, log: silent },
      baseDelay: 100,
      maxDelay: 1_000,
      ...options,
    });
    client.connect();
    return { client, [Symbol.dispose]: () => client.disconnect() };
  }

  it('is let in, told who it is, and gets state and changes of calls and phones', async () => {
    using lab = connect({ heartbeatInterval: 1_000 });
    const store = storeOf(lab.client);
    store.watch('calls');
    store.watch('extensions');
    await vi.waitFor(() => expect(lab.client.topicStatus('extensions').state).toBe('live'), soon);
    expect(lab.client.getStatus()).toMatchObject({ user: 'ada' });
    const extension = {
      pbx: 'p',
      extension: '1042',
      name: null,
      status: 'ringing',
      lastSeenAt: '',
      revision: 1,
    };
    await fleet.publish({ extension_update: [extension] });
    await vi.waitFor(() => expect(store.get('extension', 'p/1042')?.status).toBe('ringing'), soon);
    await vi.waitFor(() => expect(lab.client.getStatus().latencyMs).not.toBeNull(), soon);
  });

  it('is refused a topic that needs more than it may, and hears why', async () => {
    using lab = connect();
    lab.client.subscribe('user:somebody-else');
    await vi.waitFor(
      () =>
        expect(lab.client.topicStatus('user:somebody-else')).toMatchObject({
          state: 'refused',
          problem: 'not_allowed',
        }),
      soon,
    );
  });

  it('misses nothing and repeats nothing while nodes are killed, stopped and started', async () => {
    using lab = connect({ topics: ['user:ada'] });
    const journal: string[] = [];
    lab.client.on('notification', ({ notification }) => void journal.push(notification));
    await vi.waitFor(() => expect(lab.client.topicStatus('user:ada').state).toBe('live'), soon);
    const published: string[] = [];
    const stop = new AbortController();
    const publishing = (async () => {
      while (!stop.signal.aborted) {
        const notification = `n${published.length}`;
        await fleet.publish({ notification: [{ user: 'ada', notification }] });
        published.push(notification);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGKILL'] as const) {
      const before = journal.length;
      await vi.waitFor(() => expect(journal.length).toBeGreaterThan(before + 10), soon);
      const [oldest] = fleet.nodes;
      await Promise.all([fleet.start(), oldest?.kill(signal)]);
    }
    const before = journal.length;
    await vi.waitFor(() => expect(journal.length).toBeGreaterThan(before + 10), soon);
    stop.abort();
    await publishing;
    await vi.waitFor(() => expect(journal.length).toBeGreaterThanOrEqual(published.length), soon);
    expect(journal).toEqual(published);
  });

  it('renews its token in place', async () => {
    const tokens: string[] = [];
    using lab = connect({
      getToken: async () => {
        const token = await fleet.token({ exp: Math.floor(Date.now() / 1_000) + 8 });
        tokens.push(token);
        return token;
      },
    });
    await vi.waitFor(() => expect(lab.client.isConnected).toBe(true), soon);
    const told: string[] = [];
    lab.client.on('connection:disconnected', () => void told.push('disconnected'));
    const renewed: unknown[] = [];
    lab.client.on('control', (message) => void (message.type === 'error' && renewed.push(message)));
    await new Promise((resolve) => setTimeout(resolve, 14_000));
    expect([lab.client.isConnected, told, renewed, tokens.length > 2]).toEqual([true, [], [], true]);
  });

  it('the Node example follows calls', async () => {
    const [node] = fleet.nodes;
    const example = fileURLToPath(new URL('../../examples/follow-calls.mjs', import.meta.url));
    const child = spawn(process.execPath, [example, `ws://127.0.0.1:${node?.port}/ws`, await fleet.token()]);
    try {
      let said = '';
      child.stdout.on('data', (text: Buffer) => (said += text.toString()));
      await vi.waitFor(() => expect(said).toContain('calls is live'), soon);
      const call = {
        pbx: 'p',
        call: 'c',
        status: 'ringing',
        callerNumber: '1001',
        calleeNumber: '1042',
        extensions: [],
      };
      await fleet.publish({ new_call: [{ ...call, revision: 1 }] });
      await vi.waitFor(() => expect(said).toContain('ringing   1001 -> 1042'), soon);
      child.kill('SIGINT');
      await vi.waitFor(() => expect(child.exitCode).toBe(0), soon);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('a command for a call that nobody holds is refused in time, with what was done', async () => {
    using lab = connect();
    await vi.waitFor(() => expect(lab.client.isConnected).toBe(true), soon);
    const failed = await createCommands(lab.client)
      .command({ kind: 'hang_up', pbx: '00000000-0000-4000-8000-000000000000', call: 'c' })
      .then(
        () => 'done',
        ({ problem }: CommandError) => problem,
      );
    expect(['invalid', 'unavailable']).toContain(failed);
  });
});
