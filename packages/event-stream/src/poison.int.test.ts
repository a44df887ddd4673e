import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LabPayload } from './testing/lab-effects.ts';
import { labApply } from './testing/lab-effects.ts';
import { StreamLab } from './testing/stream-lab.ts';
import { until } from './testing/until.ts';

describe('poison', () => {
  let lab: StreamLab;

  beforeEach(async () => {
    lab = await StreamLab.open({ shards: 1 });
  });

  afterEach(() => lab[Symbol.asyncDispose]());

  /** Events 1 to `count` of source "a", some of them bad; only the good ones are expected to be applied. */
  async function publish(count: number, bad: ReadonlyMap<number, LabPayload>): Promise<void> {
    const publisher = lab.publisher();
    const outcomes = [];
    for (let seq = 1; seq <= count; seq++) {
      if (!bad.has(seq)) lab.expectAlso({ source: 'a', seq });
      outcomes.push(
        publisher.publish({ source: 'a', epoch: 1, seq, type: 'lab', payload: bad.get(seq) ?? {} }),
      );
    }
    await Promise.all(outcomes);
  }

  const none = { missing: [], extra: [], twice: [] };
  const kinds = ['throw', 'statement', 'commit'] as const;

  it.each(kinds)('that strikes by %s is set aside alone; its neighbours are applied once', async (poison) => {
    await publish(300, new Map([[170, { poison }]]));
    const consumer = await lab.started('g', { tuning: { batchEntriesMax: 100 } });
    await lab.untilAllApplied('g');
    await until(async () => (await consumer.deadLetters.list()).length === 1);
    expect(await lab.differences('g')).toEqual(none);
    const [letter] = await consumer.deadLetters.list();
    expect(letter).toMatchObject({
      group: 'g',
      shard: 0,
      source: 'a',
      epoch: 1,
      seq: 170,
      type: 'lab',
      payload: JSON.stringify({ poison }),
      attempts: 3,
      state: 'parked',
      resolvedAt: null,
    });
    expect(letter?.error).toMatch(/poison|invalid input|foreign key/);
    expect(await lab.resyncs('g')).toEqual(['dead-letter a/1 170-170']);
  });

  it('that apply refuses is set aside at once, in the transaction of its neighbours, however much there is', async () => {
    const bad = new Map(
      Array.from({ length: 150 }, (_, index) => [index * 2 + 1, { refused: 'nobody knows it' }]),
    );
    await publish(300, bad);
    const consumer = await lab.started('g', { tuning: { batchEntriesMax: 100 } });
    await lab.untilAllApplied('g');
    await until(async () => (await consumer.deadLetters.count()).parked === 150);
    expect(await lab.differences('g')).toEqual(none);
    const [letter] = await consumer.deadLetters.list({ limit: 1 });
    expect(letter).toMatchObject({ error: 'nobody knows it', attempts: 1, type: 'lab', state: 'parked' });
    expect(await lab.resyncs('g')).toEqual([]);
    expect(await consumer.deadLetters.replay(letter?.id ?? '', 'test')).toEqual({
      outcome: 'failed',
      error: 'nobody knows it',
    });
  });

  it('in many places is found in all of them', async () => {
    const bad = new Map(
      [1, 2, 50, 51, 99, 100, 101, 200].map((seq, index) => [seq, { poison: kinds[index % 3] ?? 'throw' }]),
    );
    await publish(200, bad);
    const consumer = await lab.started('g', { tuning: { batchEntriesMax: 64 } });
    await lab.untilAllApplied('g');
    await until(async () => (await consumer.deadLetters.count()).parked === bad.size);
    expect(await lab.differences('g')).toEqual(none);
    expect(
      (await consumer.deadLetters.list()).map(({ seq }) => seq).sort((a, b) => (a ?? 0) - (b ?? 0)),
    ).toEqual([...bad.keys()]);
  });

  it('through and through is set aside through and through, and what comes after it is applied', async () => {
    await publish(12, new Map(Array.from({ length: 12 }, (_, index) => [index + 1, { poison: 'throw' }])));
    const consumer = await lab.started('g', { tuning: { batchEntriesMax: 16 } });
    await until(async () => (await consumer.deadLetters.count()).parked === 12, 20_000);
    await lab.add({ source: 'a', seq: 13 });
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toHaveLength(12);
  });

  it('of the moment is no poison: what works at a later attempt is applied', async () => {
    let failures = 0;
    await publish(10, new Map());
    const apply = labApply('g');
    const consumer = await lab.started('g', {
      apply: async (batch, tx) => {
        if (batch.events.some(({ seq }) => seq === 5) && failures++ < 4) throw new TypeError('not yet');
        return await apply(batch, tx);
      },
    });
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await consumer.deadLetters.list()).toEqual([]);
  });

  it.each([
    ['a deadlock', '40P01'],
    ['a serialization failure', '40001'],
    ['a lock timeout', '55P03'],
    ['a shutdown', '57P01'],
    ['a table that is not there yet', '42P01'],
    ['a statement timeout', '57014'],
  ])('is not %s, however often it happens', async (_what, sqlstate) => {
    let failures = 0;
    await publish(20, new Map());
    const apply = labApply('g');
    const consumer = await lab.started('g', {
      tuning: { backoffBaseMs: 1, backoffMaxMs: 5 },
      apply: async (batch, tx) => {
        if (failures++ < 15)
          await tx.query(`do $$ begin raise exception 'on purpose' using errcode = '${sqlstate}'; end $$`);
        return await apply(batch, tx);
      },
    });
    await lab.untilAllApplied('g');
    expect(failures).toBeGreaterThan(15);
    expect(await lab.differences('g')).toEqual(none);
    expect(await consumer.deadLetters.list()).toEqual([]);
  });

  it('in the snapshot request itself does not hold the stream up', async () => {
    await publish(10, new Map([[5, { poison: 'throw' }]]));
    const consumer = await lab.started('g', {
      resync: () => Promise.reject(new TypeError('the request is poison too')),
    });
    await lab.untilAllApplied('g');
    expect((await consumer.deadLetters.list()).map(({ seq }) => seq)).toEqual([5]);
  });

  it('shows in the status while it is being dealt with', async () => {
    await publish(1, new Map([[1, { poison: 'throw' }]]));
    const consumer = await lab.started('g', { tuning: { poisonAttemptsMax: 1_000_000 } });
    await until(() => consumer.status().shards[0]?.failing?.message === 'this event is poison');
    expect(consumer.status().shards[0]?.failing).toMatchObject({ kind: 'poison' });
    expect(await lab.metric('trunkline_stream_batch_failures_total', { kind: 'poison' })).toBeGreaterThan(0);
  });
});
