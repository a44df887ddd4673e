import { said } from '@trunkline/database/testing';
import { pbxIds } from '@trunkline/domain/testing';
import { createCommandServer, type Command } from '@trunkline/pbx-commands';
import { createClient, type ClientOptions, type SocketConstructor } from '@trunkline/realtime-client';
import { createCommands, type CommandError } from '@trunkline/realtime-client/commands';
import { ChatChannel } from '@trunkline/realtime-client/conversations';
import { pollWhileDisconnected } from '@trunkline/realtime-client/polling';
import { storeOf } from '@trunkline/realtime-client/store';
import { createMemoryLogger } from '@trunkline/service-kit/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { BrowserLab } from './support/browser-lab.ts';
import { PushFleet } from './support/push-fleet.ts';

/** The client with push, the API, Redis and PostgreSQL as they are: what a scripted server would only confirm. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });
const soon = { timeout: 90_000, interval: 50 };
const silent = { debug: () => undefined, warn: () => undefined, error: () => undefined };
const [pbx] = pbxIds;

let fleet: PushFleet;
let api: string;
beforeAll(async () => {
  fleet = await PushFleet.open();
  [api] = await Promise.all([fleet.startApi(), fleet.start(), fleet.start()]);
});
afterAll(() => fleet[Symbol.asyncDispose]());

function connect(claims: Record<string, unknown> = {}, options: ClientOptions = {}) {
  let attempts = 0;
  const WebSocket = function open(_url: string, protocols: string[]) {
    const ports = [...fleet.nodes].map(({ port }) => port);
    // Where there is no node at all nobody listens.
    const port = ports.length === 0 ? 9 : ports[(attempts += 1) % ports.length];
    return new globalThis.WebSocket(`ws://127.0.0.1:${port}/ws`, protocols);
  } as unknown as SocketConstructor;
  const getToken = () => fleet.token(claims);
  const environment = { WebSocket, log: silent };
  const client = createClient({
    url: 'ws://balancer/ws',
    getToken,
    environment,
    maxDelay: 1_000,
    ...options,
  });
  client.connect();
  return { client, [Symbol.dispose]: () => client.disconnect() };
}

it('two people write while their node is killed, and again what they wrote: both read each message once, in one order', async () => {
  using ada = connect({ sub: 'ada' });
  using bob = connect({ sub: 'bob' });
  const [read, written] = [[[], []] as [string[], string[]], [] as string[]];
  const chats = [ada, bob].map(({ client }, index) => {
    const chat = new ChatChannel({ client, commands: createCommands(client) });
    chat.setOnChatMessageCallback(({ text = '' }) => void read[index]?.push(text));
    chat.connect('42');
    return chat;
  });
  for (const { client } of [ada, bob])
    await vi.waitFor(() => expect(client.topicStatus('conversation:42').state).toBe('live'), soon);
  const write = (who: number, number: number): Promise<unknown> => {
    const text = `${who}-${number}`;
    written.push(text);
    // Twice: as somebody does who has heard nothing of the first.
    const wishes = { key: `key of ${text}`, expiresInMs: 180_000 };
    return Promise.all([chats[who]?.send(text, wishes), chats[who]?.send(text, wishes)]);
  };
  const sent = [0, 1, 2, 3, 4].flatMap((number) => [write(0, number), write(1, number)]);
  await vi.waitFor(() => expect(read[0].length).toBeGreaterThan(0), soon);
  const [victim] = fleet.nodes;
  const killed = victim?.kill('SIGKILL');
  sent.push(...[5, 6, 7].flatMap((number) => [write(0, number), write(1, number)]));
  await Promise.all([killed, fleet.start()]);
  await Promise.all(sent);
  await chats[0]?.send('the last', { expiresInMs: 180_000 });
  // What the killed node has committed and not told, the next message or the janitor tells.
  await vi.waitFor(async () => {
    await fleet.tellLeftovers();
    expect(read.map((texts) => texts.length)).toEqual([17, 17]);
  }, soon);
  expect(read[0]).toEqual(read[1]);
  expect(read[0].at(-1)).toBe('the last');
  expect(new Set(read[0])).toEqual(new Set([...written, 'the last']));
});

it('a command that is sent twice, by two devices of one user, is done once; one that waited too long is not done', async () => {
  const asked: Command[] = [];
  const { logger } = createMemoryLogger();
  const server = createCommandServer({ redis: fleet.redis, prefix: fleet.prefix, logger });
  await using served = server.serveCommands(pbx, async (command) => {
    asked.push(command);
    return { ok: true, result: { call: `call ${asked.length}` } };
  });
  void served;
  using desk = connect();
  using phone = connect();
  const commands = [desk, phone].map(({ client }) => createCommands(client));
  const wish = { kind: 'originate', pbx, from: '1001', to: '1002' } as const;
  await vi.waitFor(() => expect([desk, phone].every(({ client }) => client.isConnected)).toBe(true), soon);
  const results = await vi.waitFor(
    () => Promise.all(commands.map(({ command }) => command(wish, { key: 'one wish' }))),
    soon,
  );
  expect(results).toEqual([{ call: 'call 1' }, { call: 'call 1' }]);
  desk.client.disconnect();
  const problem = await createCommands(desk.client)
    .command(wish, { expiresInMs: 200 })
    .catch((error: CommandError) => [error.problem, error.nothingDone]);
  expect([problem, asked.length]).toEqual([['expired', true], 1]);
  await server[Symbol.asyncDispose]();
});

it('while no socket can be had the API is asked every 3 s, and no more once one can', async () => {
  using lab = connect();
  const store = storeOf(lab.client);
  store.watch('calls');
  await vi.waitFor(() => expect(lab.client.topicStatus('calls').state).toBe('live'), soon);
  await Promise.all([...fleet.nodes].map((node) => node.kill('SIGKILL')));
  const askedAt: number[] = [];
  const openCalls = async (signal: AbortSignal) => {
    askedAt.push(performance.now());
    const headers = { authorization: `Bearer ${await fleet.token()}` };
    const answer = await fetch(`${api}/v1/calls?status=ringing,connected&limit=500`, { headers, signal });
    if (!answer.ok) throw new Error(`the API answers ${answer.status}`);
    return ((await answer.json()) as { items: never[] }).items;
  };
  const stop = pollWhileDisconnected(lab.client, { source: { openCalls, extensions: async () => [] } });
  await fleet.commit(said(1, 'call.ringing', { call: 'polled' }));
  await vi.waitFor(() => expect(store.get('call', `${pbx}/polled`)?.status).toBe('ringing'), soon);
  expect(lab.client.topicStatus('calls').state).toBe('delayed');
  await vi.waitFor(() => expect(askedAt.length).toBeGreaterThan(2), soon);
  const waits = askedAt.slice(1).map((at, index) => at - (askedAt[index] ?? 0));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(2_990);
  await fleet.start();
  await vi.waitFor(() => expect(lab.client.topicStatus('calls').state).toBe('live'), soon);
  const asked = askedAt.length;
  await fleet.commit(said(2, 'call.connected', { call: 'polled' }));
  await vi.waitFor(() => expect(store.get('call', `${pbx}/polled`)?.status).toBe('connected'), soon);
  // Longer than the interval: nobody asks any more.
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  expect(askedAt).toHaveLength(asked);
  stop();
});

it('two tabs of a real browser share one socket of the real push, and the second takes over when the first is closed', async () => {
  await using browser = await BrowserLab.open('client-page.ts');
  const node = await fleet.start({ TRUNKLINE_PUSH_ORIGINS: `http://127.0.0.1:${browser.port}` });
  const token = await fleet.token({ sub: 'ana' });
  const query = `?share&token=${token}&url=${encodeURIComponent(`ws://127.0.0.1:${node.port}/ws`)}`;
  const [first, second] = [await browser.page(query), await browser.page(query)];
  const journal = () =>
    second.evaluate(() => (globalThis as unknown as { lab: { journal: string[] } }).lab.journal);
  const isLive = () => (globalThis as unknown as { lab: { isLive(): boolean } }).lab.isLive();
  for (const page of [first, second])
    await vi.waitFor(async () => expect(await page.evaluate(isLive)).toBe(true), soon);
  const connections = async () => {
    const text = await (await fetch(`${node.operations}/metrics`)).text();
    return Number(/^trunkline_push_connections(?:{[^}]*})? (\d+)/m.exec(text)?.[1]);
  };
  expect(await connections()).toBe(1);
  await fleet.publish({ notification: [{ user: 'ana', notification: 'one' }] });
  await vi.waitFor(async () => expect(await journal()).toEqual(['one']), soon);
  await first.close();
  await fleet.publish({ notification: [{ user: 'ana', notification: 'two' }] });
  await vi.waitFor(async () => expect(await journal()).toEqual(['one', 'two']), soon);
  expect(await connections()).toBe(1);
});
