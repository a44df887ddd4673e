import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StreamLab } from './testing/stream-lab.ts';
import { until } from './testing/until.ts';

describe('a consumer', () => {
  let lab: StreamLab;

  beforeEach(async () => {
    lab = await StreamLab.open();
  });

  afterEach(() => lab[Symbol.asyncDispose]());

  const none = { missing: [], extra: [], twice: [] };

  it('applies what was there before it and what comes while it runs, once, and in order for each source', async () => {
    const sources = ['a', 'b', 'c', 'd', 'e'];
    await lab.addMany(sources, 700);
    await lab.started('g', { tuning: { batchEntriesMax: 100 } });
    await lab.addMany(sources, 300, undefined, 701);
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    const applied = await lab.applied('g');
    for (const source of sources) {
      const seqs = applied
        .filter((name) => name.startsWith(`${source}/`))
        .map((name) => Number(name.split('/')[2]));
      expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    }
    expect(await lab.resyncs('g')).toEqual([]);
  });

  it('takes up where it stopped', async () => {
    await lab.addMany(['a', 'b'], 50);
    const first = await lab.started('g');
    await lab.untilAllApplied('g');
    await first.stop();
    await lab.addMany(['a', 'b'], 50, undefined, 51);
    await lab.started('g');
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual([]);
  });

  it('is woken by a new event, and does not wait for its next look', async () => {
    await lab.add({ source: 'a', seq: 1 });
    await lab.started('g', { tuning: { blockMs: 20_000 } });
    await lab.untilAllApplied('g');
    const times: number[] = [];
    for (let seq = 2; seq <= 11; seq++) {
      const startedAt = performance.now();
      await lab.add({ source: 'a', seq });
      await lab.untilAllApplied('g');
      times.push(performance.now() - startedAt);
    }
    expect(times.toSorted((a, b) => a - b)[5]).toBeLessThan(2_000);
  });

  it('gives every group every event', async () => {
    await lab.started('g1');
    await lab.started('g2');
    await lab.addMany(['a', 'b', 'c'], 100);
    await lab.untilAllApplied('g1');
    await lab.untilAllApplied('g2');
    expect(await lab.differences('g1')).toEqual(none);
    expect(await lab.differences('g2')).toEqual(none);
  });

  it('passes over what it does not want, but counts it in the sequence', async () => {
    await lab.add(
      { source: 'a', seq: 1, type: 'wanted' },
      { source: 'a', seq: 2 },
      { source: 'a', seq: 3, type: 'wanted' },
    );
    await lab.started('g', { wants: (type) => type === 'wanted' });
    await until(async () => (await lab.countApplied('g')) === 2);
    expect(await lab.applied('g')).toEqual(['a/1/1', 'a/1/3']);
    expect(await lab.resyncs('g')).toEqual([]);
    expect(await lab.metric('trunkline_stream_entries_total', { outcome: 'skipped' })).toBe(1);
  });

  it('skips duplicates, within a batch and between batches', async () => {
    await lab.add({ source: 'a', seq: 1 }, { source: 'a', seq: 1 }, { source: 'a', seq: 2 });
    await lab.started('g');
    await lab.untilAllApplied('g');
    await lab.add({ source: 'a', seq: 2 }, { source: 'a', seq: 1 }, { source: 'a', seq: 3 });
    await lab.untilAllApplied('g');
    expect(await lab.applied('g')).toEqual(['a/1/1', 'a/1/2', 'a/1/3']);
    expect(await lab.metric('trunkline_stream_entries_total', { outcome: 'duplicate' })).toBe(3);
    expect(await lab.resyncs('g')).toEqual([]);
  });

  it('asks for a snapshot at a gap and still applies what fills it later', async () => {
    await lab.started('g');
    await lab.add({ source: 'a', seq: 1 });
    await lab.untilAllApplied('g');
    await lab.add({ source: 'a', seq: 4 });
    await lab.untilAllApplied('g');
    expect(await lab.resyncs('g')).toEqual(['gap a/1 2-3']);
    await lab.add({ source: 'a', seq: 3 }, { source: 'a', seq: 3 });
    await lab.untilAllApplied('g');
    await lab.add({ source: 'a', seq: 5 });
    await lab.untilAllApplied('g');
    expect(await lab.applied('g')).toEqual(['a/1/1', 'a/1/4', 'a/1/3', 'a/1/5']);
    expect(await lab.resyncs('g')).toEqual(['gap a/1 2-3']);
    const { rows } = await lab.transactions.pool.query(
      'select high, missing::text, received, duplicates from stream_progress',
    );
    expect(rows).toEqual([{ high: '5', missing: '{[2,3)}', received: '4', duplicates: '1' }]);
    expect(await lab.metric('trunkline_stream_gap_entries_total')).toBe(2);
  });

  it('does not call a mere change of order within a batch a gap', async () => {
    await lab.add({ source: 'a', seq: 1 }, { source: 'a', seq: 3 }, { source: 'a', seq: 2 });
    await lab.started('g');
    await lab.untilAllApplied('g');
    expect(await lab.applied('g')).toEqual(['a/1/1', 'a/1/3', 'a/1/2']);
    expect(await lab.resyncs('g')).toEqual([]);
  });

  it('counts each epoch by itself, also a lower one that comes late', async () => {
    await lab.started('g');
    await lab.add(
      { source: 'a', epoch: 2, seq: 1 },
      { source: 'a', epoch: 1, seq: 1 },
      { source: 'a', epoch: 1, seq: 2 },
    );
    await lab.add({ source: 'a', epoch: 2, seq: 2 }, { source: 'a', epoch: 3, seq: 2 });
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual(['gap a/3 1-1']);
  });

  it('sets aside what it cannot read, without touching the neighbours', async () => {
    const key = lab.keys.events(0);
    await lab.add({ source: 'a', seq: 1 });
    await lab.client.xadd(key, '*', 'nonsense', 'yes');
    await lab.client.xadd(key, '*', 'h', '1-1 lab raw', 'd', 'no json \0');
    await lab.client.xadd(key, '*', 'h', '1-2 lab raw', 'd', '{}');
    lab.expectAlso({ source: 'raw', seq: 2 });
    const consumer = await lab.started('g');
    await lab.untilAllApplied('g');
    const letters = await consumer.deadLetters.list();
    expect(
      letters
        .map(({ source, seq, payload, error }) => ({ source, seq, payload, error }))
        .sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0)),
    ).toEqual([
      { source: null, seq: null, payload: '["nonsense","yes"]', error: 'field "h" is missing' },
      {
        source: 'raw',
        seq: 1,
        payload: 'no json \u2400',
        error: expect.stringMatching(/can't be decoded: Unexpected token/),
      },
    ]);
    expect(await lab.resyncs('g')).toEqual(['dead-letter raw/1 1-1']);
    expect(await lab.metric('trunkline_stream_entries_total', { outcome: 'dead_letter' })).toBe(2);
  });

  it('runs what follows a commit after it, in order, and survives its failure', async () => {
    const seen: number[] = [];
    await lab.started('g', {
      tuning: { batchEntriesMax: 1 },
      apply: async ({ events }, tx) => {
        const seq = events[0]?.seq ?? 0;
        await tx.query(
          "insert into lab_applied (group_name, source, epoch, seq, entry_id) values ('g', 'a', 1, $1, '')",
          [seq],
        );
        return async () => {
          // Another connection sees it: it is committed.
          expect(await lab.applied('g')).toContain(`a/1/${seq}`);
          seen.push(seq);
          if (seq === 2) throw new Error('the relay is down');
        };
      },
    });
    await lab.add(...[1, 2, 3, 4].map((seq) => ({ source: 'a', seq })));
    await until(() => seen.length === 4);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('bounds a batch by its bytes as well', async () => {
    const sizes: number[] = [];
    const payload = 'x'.repeat(1_000);
    for (let seq = 1; seq <= 10; seq++) {
      await lab.client.xadd(lab.keys.events(0), '*', 'h', `1-${seq} lab big`, 'd', JSON.stringify(payload));
    }
    await lab.started('g', {
      tuning: { batchBytesMax: 3_500 },
      apply: async ({ events }) => void sizes.push(events.length),
    });
    await until(() => sizes.reduce((sum, size) => sum + size, 0) === 10);
    expect(sizes).toEqual([3, 3, 3, 1]);
  });

  it('tells how it stands', async () => {
    const consumer = await lab.started('g', { replica: 'worker-7' });
    await lab.addMany(['a', 'b', 'c'], 20);
    await lab.untilAllApplied('g');
    await until(
      () => consumer.status().shards.reduce((sum, shard) => sum + (shard.entriesRead ?? 0), 0) === 60,
    );
    const status = consumer.status();
    expect(status).toMatchObject({ group: 'g', running: true, lag: 0, oldestUnreadMs: 0 });
    expect(status.replica).toMatch(/^worker-7\//);
    expect(status.shards).toHaveLength(2);
    for (const shard of status.shards) expect(shard.failing).toBeNull();
    const { rows } = await lab.transactions.pool.query(
      'select distinct served_by from stream_offset where served_by is not null',
    );
    expect(rows).toEqual([{ served_by: status.replica }]);
  });

  it('makes progress visible while there is nothing to do', async () => {
    let turns = 0;
    await lab.started('g', { tuning: { blockMs: 50 }, onProgress: () => void turns++ });
    const before = turns;
    await until(() => turns > before + 10, 5_000);
  });

  it('stops at once when idle, twice if asked, and leaves nothing open', async () => {
    const opened = lab.redis.size;
    const consumer = await lab.started('g');
    await lab.add({ source: 'a', seq: 1 });
    await lab.untilAllApplied('g');
    expect(lab.redis.size).toBe(opened + 2 + lab.shards);
    const startedAt = performance.now();
    await Promise.all([consumer.stop(), consumer.stop()]);
    // Far less than the 5 s after which a batch in hand is given up.
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    await until(() => lab.redis.size === opened + 1, 2_000);
    expect(consumer.status().running).toBe(false);
    expect(lab.transactions.pool.totalCount - lab.transactions.pool.idleCount).toBe(0);
  });

  it('finishes the batch in hand when it stops', async () => {
    const { promise: applying, resolve } = Promise.withResolvers<void>();
    const consumer = await lab.started('g', {
      apply: async ({ events }, tx) => {
        resolve();
        await tx.query('select pg_sleep(0.3)');
        await tx.query(
          "insert into lab_applied (group_name, source, epoch, seq, entry_id) values ('g', 'a', 1, $1, '')",
          [events[0]?.seq],
        );
      },
    });
    await lab.add({ source: 'a', seq: 1 });
    await applying;
    await consumer.stop();
    expect(await lab.applied('g')).toEqual(['a/1/1']);
  });

  it('rolls the batch in hand back when it takes too long to stop', async () => {
    const { promise: applying, resolve } = Promise.withResolvers<void>();
    const consumer = await lab.started('g', {
      tuning: { stopTimeoutMs: 200 },
      apply: async ({ signal }, tx) => {
        await tx.query(
          "insert into lab_applied (group_name, source, epoch, seq, entry_id) values ('g', 'a', 1, 1, '')",
        );
        resolve();
        await new Promise((done) => signal.addEventListener('abort', done));
      },
    });
    await lab.add({ source: 'a', seq: 1 });
    await applying;
    await consumer.stop();
    expect(await lab.applied('g')).toEqual([]);
    await lab.started('g');
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
  });
});
