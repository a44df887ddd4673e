import { startRedisServer, testRedisUrl } from '@trunkline/backing-services/testing';
import { describe, expect, it, vi } from 'vitest';
import { FeedLab } from './testing/feed-lab.ts';

describe('delivering', () => {
  it('adds each message to the feed of its tenant, in order, and to no other', async () => {
    await using lab = await FeedLab.open(testRedisUrl());
    const [a, b, c] = [lab.message('one'), lab.message('two'), lab.message('one', '{"x":"ü\\n"}')];
    const traced = { ...c, traceparent: '00-11-22-01' };
    await lab.feed.deliver([a, b, traced]);
    const one = await lab.entries('one');
    expect(one).toEqual([
      { offset: expect.any(String) as string, id: a.id, payload: a.payload, traceparent: null },
      { offset: expect.any(String) as string, id: c.id, payload: c.payload, traceparent: '00-11-22-01' },
    ]);
    expect((await lab.entries('two')).map((entry) => entry?.id)).toEqual([b.id]);
  });

  it('publishes what it adds, with its place, in the same step', async () => {
    await using lab = await FeedLab.open(testRedisUrl());
    const heard = await lab.listen(['one']);
    await lab.feed.deliver([lab.message('one'), lab.message('two'), lab.message('one')]);
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    const epoch = await lab.epochOf('one');
    const [first, second] = await lab.entries('one');
    expect(heard).toEqual([
      { ...first, epoch, previous: '0-0' },
      { ...second, epoch, previous: first?.offset },
    ]);
  });

  it('[law 7] a message is there and is published once, however often and by however many it is delivered', async () => {
    await using lab = await FeedLab.open(testRedisUrl());
    const heard = await lab.listen(['one']);
    const messages = Array.from({ length: 20 }, () => lab.message('one'));
    const again = messages.flatMap((message, index) => [message, ...messages.slice(0, index)]);
    await Promise.all([lab.feed.deliver(again), lab.feed.deliver(messages), lab.feed.deliver(again)]);
    const last = lab.message('one');
    await lab.feed.deliver([...messages, last]);
    await vi.waitFor(() => expect(heard.at(-1)?.id).toBe(last.id));
    const ids = new Set([...messages, last].map(({ id }) => id));
    for (const told of [await lab.entries('one'), heard]) {
      expect(told).toHaveLength(ids.size);
      expect(new Set(told.map((entry) => entry?.id))).toEqual(ids);
    }
    // Nobody who listens sees a gap where one was left out.
    expect(heard.slice(1).map((entry) => entry?.previous)).toEqual(
      heard.slice(0, -1).map((entry) => entry?.offset),
    );
  });

  it('of another tenant, of a database that counts anew, or of a feed that was lost, the same id is another message', async () => {
    await using lab = await FeedLab.open(testRedisUrl());
    const message = lab.message('one');
    await lab.feed.deliver([message, { ...message, tenant: 'two' }, { ...message, payload: '{"x":1}' }]);
    expect([await lab.entries('one'), await lab.entries('two')].map(({ length }) => length)).toEqual([2, 1]);
    await lab.client.del(lab.keysOf('one').stream);
    await lab.feed.deliver([message]);
    expect(await lab.entries('one')).toHaveLength(1);
  });

  it('as many messages are known again as it says', async () => {
    await using lab = await FeedLab.open(testRedisUrl(), { knownMax: 3 });
    const first = lab.message('one');
    const others = Array.from({ length: 3 }, () => lab.message('one'));
    await lab.feed.deliver([first]);
    // One millisecond later, so that it is surely the oldest.
    const [entry] = await lab.entries('one');
    await vi.waitFor(async () => {
      const [seconds = 0, micros = 0] = (await lab.client.time()).map(Number);
      expect(seconds * 1_000 + micros / 1_000).toBeGreaterThan(Number(entry?.offset.split('-')[0]) + 1);
    });
    await lab.feed.deliver([...others, ...others, first]);
    expect((await lab.entries('one')).map((one) => one?.id)).toEqual(['1', '2', '3', '4', '1']);
    expect(await lab.client.zcard(lab.keysOf('one').told)).toBe(3);
  });

  it('works on a server that has forgotten the script', async () => {
    await using lab = await FeedLab.open(testRedisUrl());
    await lab.client.script('FLUSH');
    await lab.feed.deliver([lab.message('one'), lab.message('one'), lab.message('two')]);
    expect(await lab.entries('one')).toHaveLength(2);
  });

  it('many messages go in parts, and all of them arrive in order', async () => {
    await using lab = await FeedLab.open(testRedisUrl(), { messagesAtOnceMax: 7, lettersAtOnceMax: 1_000 });
    const messages = Array.from({ length: 60 }, (_, index) => lab.message('one', '.'.repeat(index * 30)));
    await lab.feed.deliver(messages);
    expect((await lab.entries('one')).map((entry) => entry?.payload.length)).toEqual(
      messages.map(({ payload }) => payload.length),
    );
  });

  it('rejects while Redis is away, at once and not with a wait', async () => {
    await using server = await startRedisServer();
    await using lab = await FeedLab.open(server.url);
    server.kill('SIGKILL');
    await server.exited();
    await vi.waitFor(() =>
      expect(lab.feed.deliver([lab.message('one')])).rejects.toThrow('Redis does not answer'),
    );
  });
});

describe('the length of a feed', () => {
  it('keeps the newest entries only, under the same epoch: short is not lost', async () => {
    await using lab = await FeedLab.open(testRedisUrl(), { entriesMax: 5 });
    await lab.feed.deliver([lab.message('one')]);
    const before = await lab.feed.position('one');
    for (let index = 0; index < 8; index += 1) await lab.feed.deliver([lab.message('one')]);
    const entries = await lab.entries('one');
    expect(entries.map((entry) => entry?.id)).toEqual(['5', '6', '7', '8', '9']);
    expect(await lab.feed.position('one')).toEqual({
      epoch: before.epoch,
      offset: entries.at(-1)?.offset,
      oldest: entries[0]?.offset,
    });
  });

  it('is forgotten when nothing is added for long, all of its keys together', async () => {
    await using lab = await FeedLab.open(testRedisUrl(), { keepMs: 100_000 });
    await lab.feed.deliver([lab.message('one')]);
    const { stream, head, told } = lab.keysOf('one');
    for (const key of [stream, head, told]) {
      const left = await lab.client.pttl(key);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(100_000);
    }
  });
});

describe('the epoch', () => {
  it('is there before the first entry and stays with it', async () => {
    await using lab = await FeedLab.open(testRedisUrl());
    const before = await lab.feed.position('one');
    expect(before).toMatchObject({ offset: '0-0', oldest: '0-0' });
    await lab.feed.deliver([lab.message('one')]);
    expect(await lab.epochOf('one')).toBe(before.epoch);
  });

  it('is another one after the stream was lost', async () => {
    await using lab = await FeedLab.open(testRedisUrl());
    await lab.feed.deliver([lab.message('one')]);
    const before = await lab.feed.position('one');
    await lab.client.del(lab.keysOf('one').stream);
    await lab.feed.deliver([lab.message('one')]);
    const after = await lab.feed.position('one');
    expect(after.epoch).not.toBe(before.epoch);
    expect(await lab.entries('one')).toHaveLength(1);
  });

  it('is another one after everything was lost', async () => {
    await using lab = await FeedLab.open(testRedisUrl());
    await lab.feed.deliver([lab.message('one')]);
    const before = await lab.feed.position('one');
    const { stream, head } = lab.keysOf('one');
    await lab.client.del(stream, head);
    expect((await lab.feed.position('one')).epoch).not.toBe(before.epoch);
  });

  it('is another one after a restart, which may have lost the end of the feed, also when nothing was added since', async () => {
    await using server = await startRedisServer({ durable: true });
    await using lab = await FeedLab.open(server.url);
    await lab.feed.deliver([lab.message('one'), lab.message('one')]);
    const before = await lab.feed.position('one');
    server.kill('SIGKILL');
    await server.exited();
    await server.restart();
    await vi.waitFor(async () => void (await lab.client.ping()), { timeout: 10_000, interval: 20 });
    const after = await vi.waitFor(() => lab.feed.position('one'), { timeout: 10_000, interval: 20 });
    expect(after.epoch).not.toBe(before.epoch);
    await lab.feed.deliver([lab.message('one')]);
    expect(await lab.epochOf('one')).toBe(after.epoch);
    expect(await lab.entries('one')).toHaveLength(1);
  });
});
