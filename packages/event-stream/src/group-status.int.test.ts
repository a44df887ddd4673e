import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pruneProgress, readGroupStatus, shardOf } from './index.ts';
import { StreamLab } from './testing/stream-lab.ts';
import { until } from './testing/until.ts';

describe('seen from outside', () => {
  let lab: StreamLab;

  beforeEach(async () => {
    lab = await StreamLab.open();
  });

  afterEach(() => lab[Symbol.asyncDispose]());

  it('a group tells its lag, who serves it and its dead letters', async () => {
    const { prefix, shards, transactions, redis } = lab;
    const status = () => readGroupStatus({ group: 'g', prefix, shards, transactions, redis });
    const own = shardOf('a', 2);
    await lab.addMany(['a'], 5);
    expect((await status()).shards[own]).toEqual({
      shard: own,
      lastId: null,
      servedBy: null,
      servedAt: null,
      streamEntries: 5,
      streamTrimmed: 0,
      lag: 5,
    });

    const consumer = await lab.started('g', { replica: 'r' });
    await lab.untilAllApplied('g');
    await consumer.stop();
    await lab.addMany(['a'], 3, undefined, 6);
    await lab.transactions.pool.query(
      `insert into dead_letter (id, group_name, shard, entry_id, payload, error, attempts)
       values (gen_random_uuid(), 'g', 0, '1-1', '', '', 1)`,
    );
    const opened = redis.size;
    const { lag, shards: states, deadLetters } = await status();
    expect(lag).toBe(3);
    expect(states[own]).toMatchObject({
      servedBy: consumer.status().replica,
      servedAt: expect.any(Date),
      streamEntries: 8,
      lag: 3,
    });
    expect(states[1 - own]).toMatchObject({ lastId: '0-0', streamEntries: 0, lag: 0 });
    expect(deadLetters).toEqual({ parked: 1, replayed: 0, dropped: 0 });
    await until(() => redis.size === opened);
  });

  it('old epochs are forgotten, except for the newest of each source and what is recent', async () => {
    await lab.transactions.pool.query(
      `insert into stream_progress (group_name, source, epoch, high, updated_at)
       select 'g', source, epoch, 1, now() - case when epoch = 3 then interval '6 days' else interval '8 days' end
       from unnest(array['a', 'b']) source, generate_series(1, 12) epoch where source = 'a' or epoch < 6`,
    );
    expect(await pruneProgress({ group: 'other', transactions: lab.transactions })).toBe(0);
    expect(await pruneProgress({ group: 'g', transactions: lab.transactions })).toBe(3);
    const { rows } = await lab.transactions.pool.query<{ source: string; epochs: string[] }>(
      'select source, array_agg(epoch order by epoch) as epochs from stream_progress group by source order by source',
    );
    expect(rows).toEqual([
      { source: 'a', epochs: ['3', '5', '6', '7', '8', '9', '10', '11', '12'] },
      { source: 'b', epochs: ['1', '2', '3', '4', '5'] },
    ]);
  });

  it('forgetting an epoch under a running consumer only makes it read again', async () => {
    await lab.started('g');
    await lab.add({ source: 'a', epoch: 1, seq: 1 }, { source: 'a', epoch: 2, seq: 1 });
    await lab.untilAllApplied('g');
    await lab.transactions.pool.query("update stream_progress set updated_at = now() - interval '9 days'");
    expect(await pruneProgress({ group: 'g', transactions: lab.transactions, epochsKept: 1 })).toBe(1);
    await lab.add({ source: 'a', epoch: 1, seq: 2 }, { source: 'a', epoch: 2, seq: 2 });
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual({ missing: [], extra: [], twice: [] });
    expect(await lab.resyncs('g')).toEqual(['gap a/1 1-1']);
  });
});
