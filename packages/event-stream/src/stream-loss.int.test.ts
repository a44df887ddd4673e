import { startRedisServer } from '@trunkline/backing-services/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StreamLab } from './testing/stream-lab.ts';
import { until } from './testing/until.ts';

const none = { missing: [], extra: [], twice: [] };

describe('a stream that loses entries', () => {
  let lab: StreamLab;
  let key: string;

  beforeEach(async () => {
    lab = await StreamLab.open({ shards: 1 });
    key = lab.keys.events(0);
  });

  afterEach(() => lab[Symbol.asyncDispose]());

  /** An entry with an id of the test's choice. */
  async function addAt(id: string, source: string, seq: number): Promise<void> {
    lab.expectAlso({ source, seq });
    await lab.client.xadd(key, id, 'h', `1-${seq} lab ${source}`, 'd', '{}');
  }

  async function consumed(...sources: string[]): Promise<void> {
    await lab.addMany(sources, 5);
    const consumer = await lab.started('g');
    await lab.untilAllApplied('g');
    await consumer.stop();
  }

  it('is read from its start when it vanished, and every source of the shard is asked', async () => {
    await consumed('a', 'b');
    await lab.client.del(key);
    await lab.started('g');
    await until(async () => (await lab.resyncs('g')).length === 2);
    await lab.add({ source: 'a', seq: 6 });
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual(['reset a/1', 'reset b/1']);
    expect(await lab.metric('trunkline_stream_resets_total')).toBe(1);
  });

  it('is read from its start when the clock went back', async () => {
    await consumed('a');
    await lab.client.del(key);
    await addAt('5-1', 'a', 6);
    await addAt('5-2', 'a', 7);
    await lab.started('g');
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual(['reset a/1']);
  });

  it('is read from its start also when the ids have caught up meanwhile', async () => {
    await consumed('a');
    await lab.client.del(key);
    await addAt('5-1', 'a', 6);
    await lab.add({ source: 'a', seq: 7 });
    await lab.started('g');
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual(['reset a/1']);
  });

  it('is read again without applying anything twice when an older copy of it came back', async () => {
    await lab.addMany(['a', 'b'], 5);
    const older = await lab.client.dumpBuffer(key);
    await lab.addMany(['a', 'b'], 5, undefined, 6);
    const consumer = await lab.started('g');
    await lab.untilAllApplied('g');
    await consumer.stop();
    await lab.client.restore(key, 0, older ?? '', 'REPLACE');
    await lab.addMany(['a', 'b'], 5, undefined, 11);
    await lab.started('g');
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual(['reset a/1', 'reset b/1']);
    expect(await lab.metric('trunkline_stream_gap_entries_total')).toBe(0);
  });

  it('tells exactly how many unread entries were cut off, and asks every source of the shard', async () => {
    await consumed('a', 'silent');
    await lab.addMany(['a'], 10, undefined, 6);
    await lab.client.xtrim(key, 'MAXLEN', 3);
    await lab.started('g');
    await until(async () => (await lab.countApplied('g')) === 13);
    expect(await lab.metric('trunkline_stream_trimmed_unread_entries_total')).toBe(7);
    expect((await lab.resyncs('g')).sort()).toEqual(['gap a/1 6-12', 'trimmed a/1', 'trimmed silent/1']);
  });

  it('notices the loss of its end, though no later entry tells of a gap', async () => {
    await consumed('a');
    await lab.addMany(['a'], 4, undefined, 6);
    await lab.client.xtrim(key, 'MAXLEN', 0);
    await lab.started('g');
    await until(async () => (await lab.resyncs('g')).length === 1);
    expect(await lab.resyncs('g')).toEqual(['trimmed a/1']);
    expect(await lab.metric('trunkline_stream_trimmed_unread_entries_total')).toBe(4);
    await sleep(500);
    expect(await lab.resyncs('g')).toEqual(['trimmed a/1']);
  });

  it('notices an entry that was deleted in its middle', async () => {
    await consumed('a');
    await addAt('*', 'a', 6);
    const id = await lab.client.xadd(key, '*', 'h', '1-7 lab a', 'd', '{}');
    await addAt('*', 'a', 8);
    await lab.client.xdel(key, id ?? '');
    await lab.started('g');
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect((await lab.resyncs('g')).sort()).toEqual(['gap a/1 7-7', 'trimmed a/1']);
    expect(await lab.metric('trunkline_stream_trimmed_unread_entries_total')).toBe(1);
  });

  it('is no loss to a group that is younger than its trimming, except for the gaps', async () => {
    await lab.addMany(['a'], 10);
    await lab.client.xtrim(key, 'MAXLEN', 4);
    await lab.started('young');
    await until(async () => (await lab.countApplied('young')) === 4);
    expect(await lab.resyncs('young')).toEqual(['gap a/1 1-6']);
    expect(await lab.metric('trunkline_stream_trimmed_unread_entries_total')).toBe(0);
    expect(await lab.metric('trunkline_stream_resets_total')).toBe(0);
  });
});

describe('a Redis that restarts under its consumers', () => {
  const SOURCES = ['a', 'b', 'c'];

  it('with its data loses nothing', async () => {
    await using server = await startRedisServer({ durable: true });
    await using lab = await StreamLab.open({ redisUrl: server.url });
    await lab.started('g');
    const publisher = lab.publisher();
    await lab.addMany(SOURCES, 50, publisher);
    server.kill('SIGKILL');
    await server.exited();
    const published = lab.addMany(SOURCES, 50, publisher, 51);
    await sleep(300);
    await server.restart();
    await published;
    await lab.addMany(SOURCES, 50, publisher, 101);
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual([]);
  });

  it('without its data goes on, and every source is asked', async () => {
    await using server = await startRedisServer();
    await using lab = await StreamLab.open({ redisUrl: server.url });
    await lab.started('g');
    const publisher = lab.publisher();
    await lab.addMany(SOURCES, 50, publisher);
    await lab.untilAllApplied('g');
    server.kill('SIGKILL');
    await server.exited();
    await server.restart();
    await lab.addMany(SOURCES, 50, publisher, 51);
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    await until(
      async () =>
        new Set((await lab.resyncs('g')).filter((name) => name.startsWith('reset'))).size === SOURCES.length,
    );
  });

  it('or is flushed in the middle of the load, ends with every source up to date or asked', async () => {
    await using server = await startRedisServer();
    await using lab = await StreamLab.open({ redisUrl: server.url });
    await lab.started('g', { tuning: { batchEntriesMax: 10 } });
    const publisher = lab.publisher();
    for (let round = 0; round < 5; round++) {
      const published = lab.addMany(SOURCES, 100, publisher, 1 + round * 100);
      await sleep(15);
      await lab.client.flushall();
      await published;
    }
    await lab.addMany(SOURCES, 1, publisher, 501);
    await until(
      async () => (await lab.applied('g')).filter((name) => name.endsWith('/501')).length === SOURCES.length,
    );
    const { missing, extra, twice } = await lab.differences('g');
    expect({ extra, twice }).toEqual({ extra: [], twice: [] });
    // What is missing was flushed unread; its source was asked after that.
    const asked = await lab.resyncs('g');
    for (const source of new Set(missing.map((name) => name.split('/')[0] ?? ''))) {
      expect(asked.some((name) => name.includes(` ${source}/1`))).toBe(true);
    }
    expect(await lab.metric('trunkline_stream_resets_total')).toBeGreaterThan(0);
  });
});
