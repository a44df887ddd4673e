import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTrimmer } from './index.ts';
import type { Trimmer, TrimmerOptions } from './index.ts';
import { labResync } from './testing/lab-effects.ts';
import type { SqlTransaction } from './ports.ts';
import { StreamLab } from './testing/stream-lab.ts';
import { until } from './testing/until.ts';

describe('a trimmer', () => {
  let lab: StreamLab;
  let key: string;

  beforeEach(async () => {
    lab = await StreamLab.open({ shards: 1 });
    key = lab.keys.events(0);
  });

  afterEach(() => lab[Symbol.asyncDispose]());

  function trimmer(options: Partial<TrimmerOptions<SqlTransaction>> = {}): Trimmer {
    const { prefix, shards, transactions, redis, logger, metrics } = lab;
    const made = createTrimmer({
      groups: ['g', 'h'],
      prefix,
      shards,
      transactions,
      redis,
      logger,
      metrics,
      resync: labResync('trimmer'),
      streamEntriesMax: 1_000,
      ...options,
    });
    lab.use({ [Symbol.asyncDispose]: () => made.stop() });
    return made;
  }

  async function consumeAll(group: string): Promise<void> {
    const consumer = await lab.started(group);
    await lab.untilAllApplied(group);
    await until(() => consumer.status().lag === 0);
    await consumer.stop();
  }

  it('cuts what every group has read, and nothing else', async () => {
    await lab.addMany(['a'], 10);
    await consumeAll('g');
    expect(await trimmer().trim()).toEqual({ trimmed: 0, lost: [] });
    await consumeAll('h');
    await lab.addMany(['a'], 5, undefined, 11);
    await consumeAll('g');
    expect(await trimmer().trim()).toEqual({ trimmed: 10, lost: [] });
    expect(await lab.client.xlen(key)).toBe(5);
    await consumeAll('h');
    expect(await trimmer().trim()).toEqual({ trimmed: 5, lost: [] });
    await lab.addMany(['a'], 5, undefined, 16);
    await consumeAll('g');
    await consumeAll('h');
    expect(await lab.resyncs('g')).toEqual([]);
    expect(await lab.differences('h')).toEqual({ missing: [], extra: [], twice: [] });
  });

  it('gives up the oldest entries at the hard cap, counts them exactly for each group and asks their sources', async () => {
    await lab.addMany(['early'], 10);
    await consumeAll('g');
    await lab.addMany(['a', 'b'], 45);
    // 100 entries, cap 30: g has read 10 of the 70 that go, h never ran.
    const report = await trimmer({ streamEntriesMax: 30 }).trim();
    expect(report).toEqual({
      trimmed: 70,
      lost: [
        { group: 'g', shard: 0, entries: 60 },
        { group: 'h', shard: 0, entries: 70 },
      ],
    });
    expect(await lab.client.xlen(key)).toBe(30);
    expect(await lab.resyncs('trimmer')).toEqual([
      'trimmed a/1 1-30',
      'trimmed b/1 1-30',
      'trimmed early/1 1-10',
    ]);
    expect(await lab.metric('trunkline_stream_capped_entries_total', { group: 'g' })).toBe(60);
    expect(await lab.metric('trunkline_stream_capped_entries_total', { group: 'h' })).toBe(70);
    expect(await trimmer({ streamEntriesMax: 30 }).trim()).toEqual({ trimmed: 0, lost: [] });

    for (const [group, before] of [
      ['g', 10],
      ['h', 0],
    ] as const) {
      await lab.started(group);
      await until(async () => (await lab.countApplied(group)) === before + 30);
      // The loss was counted at the cap; only the sequences tell the group of it.
      expect((await lab.resyncs(group)).sort()).toEqual(['gap a/1 1-30', 'gap b/1 1-30']);
    }
    expect(await lab.metric('trunkline_stream_trimmed_unread_entries_total')).toBe(0);
    expect(await lab.metric('trunkline_stream_resets_total')).toBe(0);
  });

  it('makes one loss of it, however many trim at the same time and while consumers read', async () => {
    await lab.started('g', { tuning: { batchEntriesMax: 7 } });
    await lab.started('h', { tuning: { batchEntriesMax: 7 } });
    const trimmers = [1, 2, 3].map(() => trimmer({ streamEntriesMax: 40 }));
    const lost = { g: 0, h: 0 } as Record<string, number>;
    for (let round = 0; round < 15; round++) {
      const published = lab.addMany(['a', 'b'], 60, undefined, 1 + round * 60);
      const reports = await Promise.all(trimmers.map((one) => one.trim()));
      for (const { group, entries } of reports.flatMap((report) => report.lost))
        lost[group] = (lost[group] ?? 0) + entries;
      await published;
    }
    const total = 15 * 120;
    for (const group of ['g', 'h']) {
      await until(async () => (await lab.countApplied(group)) + (lost[group] ?? 0) >= total);
      const { missing, extra, twice } = await lab.differences(group);
      expect({ extra, twice, missing: missing.length }).toEqual({
        extra: [],
        twice: [],
        missing: lost[group],
      });
    }
    expect(await lab.metric('trunkline_stream_trimmed_unread_entries_total')).toBe(0);
  });

  it('leaves a stream alone that began anew', async () => {
    await lab.addMany(['a'], 5);
    await consumeAll('g');
    await consumeAll('h');
    await lab.client.del(key);
    await lab.client.xadd(key, '5-1', 'h', '1-6 lab a', 'd', '{}');
    expect(await trimmer().trim()).toEqual({ trimmed: 0, lost: [] });
    expect(await lab.client.xlen(key)).toBe(1);
  });

  it('works on a timer until it is stopped', async () => {
    const worker = trimmer({ intervalMs: 20 });
    worker.start();
    await lab.started('g');
    await lab.started('h');
    await lab.addMany(['a'], 20);
    await lab.untilAllApplied('g');
    await lab.untilAllApplied('h');
    await until(async () => (await lab.client.xlen(key)) === 0);
    await worker.stop();
    await worker.stop();
  });
});
