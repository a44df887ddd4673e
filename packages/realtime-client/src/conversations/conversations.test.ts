import { describe, expect, it } from 'vitest';
import { createLab, type Lab } from '../testing/connected-client.ts';
import { FakeWorld } from '../testing/fake-world.ts';
import { ChatChannel } from './chat-channel.ts';
import { StatusChannel } from './status-channel.ts';

/** A conversation that the server has answered for. */
async function serve(
  { world }: Pick<Lab, 'world'>,
  conversation = '7',
): Promise<(type: string, more?: object) => void> {
  await world.pass(0);
  if (world.socket.readyState === 0) world.socket.serve();
  await world.pass(10);
  const topic = `conversation:${conversation}`;
  world.socket.say({ type: 'reset', topic, epoch: 'e1', offset: '1-0', reason: 'new', resumable: false });
  world.socket.say({ type: 'snapshot', topic, part: 0, last: true, rows: {} });
  let place = 1;
  return (type, more = {}) =>
    world.socket.say({ type, topic, offset: `${(place += 1)}-0`, rows: [{ conversation, ...more }] });
}

describe('a chat', () => {
  it('calls back for its opening, messages and replies, its listeners, and its close', async () => {
    const lab = createLab();
    const heard: unknown[] = [];
    const channel = new ChatChannel({ client: lab.client });
    channel.setOnOpenCallback(() => void heard.push('open'));
    channel.setOnCloseCallback(() => void heard.push('close'));
    channel.setOnChatMessageCallback(({ text }) => void heard.push(['message', text]));
    channel.setOnChatReplyCallback(({ text }) => void heard.push(['reply', text]));
    channel.onMessage(({ type }) => void heard.push(['any', type]));
    expect([channel.currentConvId, channel.getIsConnected()]).toEqual([null, false]);
    channel.connect('7');
    const tell = await serve(lab);
    tell('chat_message', { text: 'Hello' });
    tell('chat_reply', { text: 'Hi' });
    expect([channel.currentConvId, channel.getIsConnected(), channel.isConnected]).toEqual(['7', true, true]);
    lab.world.socket.drop();
    expect(heard).toEqual([
      'open',
      ['message', 'Hello'],
      ['any', 'chat_message'],
      ['reply', 'Hi'],
      ['any', 'chat_reply'],
      'close',
    ]);
  });

  it('sends while the socket is open, and says false with a warning when it is not', async () => {
    const lab = createLab();
    const channel = new ChatChannel({ client: lab.client });
    expect(channel.sendMessage('early')).toBe(false);
    channel.connect('7');
    await serve(lab);
    expect(channel.sendMessage('Hello')).toBe(true);
    const [sent] = lab.world.socket.sentOf('command') as unknown as [{ id: string; key: string }];
    expect(sent).toMatchObject({
      command: { kind: 'send_message', conversation: '7', message: sent.key, text: 'Hello' },
    });
    lab.world.socket.say({
      type: 'result',
      id: sent.id,
      ok: false,
      problem: 'too_many',
      message: 'no',
      nothingDone: true,
    });
    await lab.world.pass(0);
    expect(lab.world.logged.at(-1)?.message).toBe('a message could not be stored');
    lab.world.socket.drop();
    expect(channel.sendMessage('lost')).toBe(false);
    expect(lab.world.logged.filter(({ message }) => message.startsWith('Cannot send'))).toHaveLength(2);
  });

  it('a message waits for a connection, goes out again under its name after a loss, and settles', async () => {
    const lab = createLab();
    const channel = new ChatChannel({ client: lab.client });
    await expect(channel.send('to nobody')).rejects.toMatchObject({ problem: 'invalid', nothingDone: true });
    channel.connect('7');
    const sent = channel.send('Hello', { expiresInMs: 60_000 });
    await serve(lab);
    const [first] = lab.world.socket.sentOf('command') as unknown as [{ key: string }];
    lab.world.socket.drop();
    await lab.world.pass(1_000);
    lab.world.socket.serve();
    const [again] = lab.world.socket.sentOf('command') as unknown as [{ id: string; key: string }];
    expect(again).toMatchObject({ key: first.key, command: { message: first.key, text: 'Hello' } });
    lab.world.socket.say({ type: 'result', id: again.id, ok: true, result: { number: 3 } });
    await expect(sent).resolves.toEqual({ number: 3 });
  });

  it('tells what a snapshot holds, and each message once however it comes', async () => {
    const lab = createLab();
    const channel = new ChatChannel({ client: lab.client });
    const heard: unknown[] = [];
    channel.setOnChatMessageCallback(({ number }) => void heard.push(number));
    channel.connect('7');
    await serve(lab);
    const topic = 'conversation:7';
    const rows = (...numbers: number[]) =>
      numbers.map((number) => ({ conversation: '7', number, text: 'x' }));
    const { socket } = lab.world;
    const anew = (...numbers: number[]) => {
      socket.say({ type: 'reset', topic, epoch: 'e2', offset: '5-0', reason: 'lost', resumable: false });
      socket.say({ type: 'snapshot', topic, part: 0, last: true, rows: { chat_message: rows(...numbers) } });
    };
    anew(1, 2, 3);
    socket.say({ type: 'chat_message', topic, offset: '6-0', rows: rows(3, 4) });
    anew(2, 3, 4, 5);
    expect(heard).toEqual([1, 2, 3, 4, 5]);
  });

  it('that comes late to a conversation is told what there was, also if the connection is lost meanwhile', async () => {
    const lab = createLab();
    const [early, late] = [new ChatChannel({ client: lab.client }), new ChatChannel({ client: lab.client })];
    const heard: [string, number | undefined][] = [];
    early.setOnChatMessageCallback(({ number }) => void heard.push(['early', number]));
    late.setOnChatMessageCallback(({ number }) => void heard.push(['late', number]));
    early.connect('7');
    const tell = await serve(lab);
    tell('chat_message', { number: 1 });
    late.connect('7');
    tell('chat_message', { number: 2 });
    const wish = { type: 'subscribe', topics: [{ topic: 'conversation:7' }] };
    expect(lab.world.socket.sentOf('subscribe')).toEqual([wish, wish]);
    lab.world.socket.drop();
    await lab.world.pass(60_000);
    lab.world.socket.serve();
    const topic = 'conversation:7';
    lab.world.socket.say({ type: 'replayed', topic, epoch: 'e1', offset: '3-0' });
    expect(lab.world.socket.sentOf('subscribe')).toEqual([wish]);
    lab.world.socket.say({
      type: 'reset',
      topic,
      epoch: 'e1',
      offset: '3-0',
      reason: 'new',
      resumable: false,
    });
    lab.world.socket.say({
      type: 'chat_message',
      topic,
      offset: '4-0',
      rows: [{ conversation: '7', number: 3 }],
    });
    const rows = { chat_message: [1, 2].map((number) => ({ conversation: '7', number })) };
    lab.world.socket.say({ type: 'snapshot', topic, part: 0, last: true, rows });
    const of = (who: string) => heard.filter(([by]) => by === who).map(([, number]) => number);
    expect([of('early'), of('late')]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('leaves one conversation for another', async () => {
    const lab = createLab();
    const channel = new ChatChannel({ client: lab.client });
    const heard: string[] = [];
    channel.onMessage(({ conversation }) => void heard.push(conversation));
    channel.connect('7');
    const tellSeven = await serve(lab);
    channel.connect('8');
    const tellEight = await serve(lab, '8');
    tellSeven('chat_message');
    tellEight('chat_message');
    expect(heard).toEqual(['8']);
    await lab.world.pass(2_000);
    expect(lab.world.socket.sentOf('unsubscribe')).toEqual([
      { type: 'unsubscribe', topics: ['conversation:7'] },
    ]);
  });

  it('with a client of its own is as patient as a chat, and takes the keys of the chat', async () => {
    const world = new FakeWorld();
    const heard: string[] = [];
    const channel = new ChatChannel({
      environment: world.environment,
      token: 'a.b.c',
      maxReconnectAttempts: 2,
      reconnectDelay: 500,
      pingInterval: 10_000,
    });
    channel.onMessage(({ type }) => void heard.push(type));
    channel.connect('7');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await world.pass(0);
      world.socket.drop();
      await world.pass(1_000);
    }
    expect([heard, channel.reconnectAttempts, world.sockets.length]).toEqual([['connection_failed'], 2, 3]);
    channel.disconnect();
    expect([channel.currentConvId, world.timers]).toEqual([null, 1]);
    await world.pass(2_000);
    expect(world.timers).toBe(0);
  });

  it('that throws in a callback harms neither the others nor the connection', async () => {
    const lab = createLab();
    const channel = new ChatChannel({ client: lab.client });
    const heard: string[] = [];
    channel.setOnChatMessageCallback(() => {
      throw new Error('mine');
    });
    channel.onMessage(() => {
      throw new Error('mine too');
    });
    channel.onMessage(({ type }) => void heard.push(type));
    channel.connect('7');
    (await serve(lab))('chat_message');
    expect([heard, channel.getIsConnected(), channel.listeners.length]).toEqual([['chat_message'], true, 2]);
  });
});

describe('the status of a conversation', () => {
  async function lab(options = {}) {
    const made = createLab({ heartbeatInterval: 600_000 });
    const channel = new StatusChannel({ client: made.client, ...options });
    const heard: string[] = [];
    channel.onStatusChange(({ type }) => void heard.push(type));
    channel.connect('7');
    const tell = await serve(made);
    const states = () => [channel.isThinking, channel.isExtracting, channel.isSummaryGenerating];
    return { ...made, channel, heard, tell, states };
  }

  it('knows what the assistant is at', async () => {
    const { tell, states, heard, channel } = await lab();
    tell('thinking_start');
    expect(states()).toEqual([true, false, false]);
    tell('thinking_end');
    tell('extraction_start');
    expect(states()).toEqual([false, true, false]);
    tell('extraction_complete', { summary_triggered: true });
    expect(states()).toEqual([false, false, true]);
    tell('summary_complete');
    expect(states()).toEqual([false, false, false]);
    expect(heard).toEqual([
      'thinking_start',
      'thinking_end',
      'extraction_start',
      'extraction_complete',
      'summary_complete',
    ]);
    expect(channel.statusListeners).toHaveLength(1);
  });

  it('ends by itself what never ends: thinking after 30 s, an extraction after 60 s', async () => {
    const { world, tell, states, heard } = await lab();
    tell('thinking_start');
    tell('extraction_start');
    await world.pass(29_900);
    expect(states()).toEqual([true, true, false]);
    await world.pass(200);
    expect(states()).toEqual([false, true, false]);
    await world.pass(30_000);
    expect(states()).toEqual([false, false, false]);
    expect(heard.slice(2)).toEqual(['stale_cleared', 'stale_cleared']);
  });

  it('takes other times, and a new beginning begins the time anew', async () => {
    const { world, tell, states } = await lab({ staleTimeoutDuration: 1_000, extractionStaleTimeout: 2_000 });
    tell('thinking_start');
    await world.pass(900);
    tell('thinking_start');
    await world.pass(900);
    expect(states()).toEqual([true, false, false]);
    await world.pass(200);
    expect(states()).toEqual([false, false, false]);
  });

  it('is cleared when the connection is lost, and by leaving', async () => {
    const { world, tell, states, channel } = await lab();
    tell('thinking_start');
    world.socket.drop();
    expect(states()).toEqual([false, false, false]);
    channel.disconnect();
    expect(channel.currentConvId).toBe(null);
  });
});
