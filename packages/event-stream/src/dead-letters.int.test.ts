import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDeadLetters } from './index.ts';
import { labApply, labCodec } from './testing/lab-effects.ts';
import { StreamLab } from './testing/stream-lab.ts';
import { until } from './testing/until.ts';

describe('dead letters', () => {
  let lab: StreamLab;

  beforeEach(async () => {
    lab = await StreamLab.open({ shards: 1 });
  });

  afterEach(() => lab[Symbol.asyncDispose]());

  /** A letter whose cause is gone: the consumer that set it aside choked on everything. */
  async function parkOne(seq = 1): Promise<string> {
    await lab.add({ source: 'a', seq });
    const consumer = await lab.started('g', { apply: () => Promise.reject(new Error('a bug')) });
    await until(async () => (await consumer.deadLetters.count()).parked === 1);
    await consumer.stop();
    const [letter] = await consumer.deadLetters.list({ state: 'parked' });
    return letter?.id ?? '';
  }

  function letters(apply = labApply('g')) {
    return createDeadLetters({ group: 'g', transactions: lab.transactions, codec: labCodec, apply });
  }

  it('are replayed once, however many try at the same time', async () => {
    const id = await parkOne();
    const results = await Promise.all(
      [1, 2, 3, 4].map((operator) => letters().replay(id, `operator ${operator}`)),
    );
    expect(results.map(({ outcome }) => outcome).sort()).toEqual([
      'already-resolved',
      'already-resolved',
      'already-resolved',
      'replayed',
    ]);
    expect(await lab.applied('g')).toEqual(['a/1/1']);
    const [letter] = await letters().list();
    expect(letter).toMatchObject({
      state: 'replayed',
      resolvedBy: expect.stringMatching(/^operator \d$/),
      resolvedAt: expect.any(Date),
    });
  });

  it('run what follows the commit', async () => {
    const id = await parkOne();
    let relayed = 0;
    expect(await letters(async () => () => void relayed++).replay(id, 'me')).toEqual({ outcome: 'replayed' });
    expect(relayed).toBe(1);
  });

  it('stay parked when they fail again, with the new error', async () => {
    const id = await parkOne();
    const again = letters(() => Promise.reject(new Error('another bug')));
    expect(await again.replay(id, 'me')).toEqual({ outcome: 'failed', error: 'another bug' });
    const [letter] = await again.list();
    expect(letter).toMatchObject({ state: 'parked', error: 'another bug', attempts: 4 });
    expect(await letters().replay(id, 'me')).toEqual({ outcome: 'replayed' });
  });

  it('are dropped for good', async () => {
    const id = await parkOne();
    expect(await letters().drop(id, 'me')).toEqual({ outcome: 'dropped' });
    expect(await letters().replay(id, 'me')).toEqual({ outcome: 'already-resolved', state: 'dropped' });
    expect(await letters().drop(id, 'me')).toEqual({ outcome: 'already-resolved', state: 'dropped' });
    expect(await lab.applied('g')).toEqual([]);
    expect(await letters().count()).toEqual({ parked: 0, replayed: 0, dropped: 1 });
  });

  it('belong to their group', async () => {
    const id = await parkOne();
    const others = createDeadLetters({
      group: 'h',
      transactions: lab.transactions,
      codec: labCodec,
      apply: labApply('h'),
    });
    expect(await others.list()).toEqual([]);
    expect(await others.replay(id, 'me')).toEqual({ outcome: 'not-found' });
    expect(await others.drop(id, 'me')).toEqual({ outcome: 'not-found' });
  });

  it('are listed newest first, by page, by state and by source', async () => {
    await lab.client.xadd(lab.keys.events(0), '*', 'nonsense', '1');
    for (const source of ['a', 'b', 'c'])
      await lab.client.xadd(lab.keys.events(0), '*', 'h', `1-1 lab ${source}`, 'd', '}');
    const consumer = await lab.started('g', { tuning: { batchEntriesMax: 1 } });
    await until(async () => (await consumer.deadLetters.count()).parked === 4);
    const all = await letters().list();
    expect(all.map(({ source }) => source)).toEqual(['c', 'b', 'a', null]);
    const [first, second] = await letters().list({ limit: 2 });
    expect([first?.source, second?.source]).toEqual(['c', 'b']);
    const before = second?.id ?? '';
    expect((await letters().list({ before })).map(({ source }) => source)).toEqual(['a', null]);
    expect((await letters().list({ source: 'b' })).map(({ source }) => source)).toEqual(['b']);
    expect(await letters().list({ state: 'dropped' })).toEqual([]);
  });

  it('of one moment are all found page by page', async () => {
    for (const source of ['a', 'b', 'c'])
      await lab.client.xadd(lab.keys.events(0), '*', 'h', `1-1 lab ${source}`, 'd', '}');
    const consumer = await lab.started('g');
    await until(async () => (await consumer.deadLetters.count()).parked === 3);
    await lab.transactions.run((tx) =>
      tx.query(`update dead_letter set failed_at = '2026-01-01 00:00:00.000789Z'`),
    );
    const found: string[] = [];
    for (;;) {
      const [letter] = await letters().list({
        limit: 1,
        ...(found.length > 0 && { before: found.at(-1) ?? '' }),
      });
      if (letter === undefined) break;
      found.push(letter.id);
    }
    expect(new Set(found).size).toBe(3);
  });

  it('whose header could not be read can only be dropped', async () => {
    await lab.client.xadd(lab.keys.events(0), '*', 'nonsense', '1');
    const consumer = await lab.started('g');
    await until(async () => (await consumer.deadLetters.count()).parked === 1);
    const [letter] = await consumer.deadLetters.list();
    expect(await letters().replay(letter?.id ?? '', 'me')).toEqual({
      outcome: 'failed',
      error: expect.stringMatching(/drop it/),
    });
    expect(await letters().drop(letter?.id ?? '', 'me')).toEqual({ outcome: 'dropped' });
  });
});
