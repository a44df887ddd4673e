import { openDatabase } from '@trunkline/database';
import { createRedisConnections } from '@trunkline/service-kit';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFaultProxy } from '@trunkline/backing-services/testing';
import type { FaultProxy } from '@trunkline/backing-services/testing';
import { labApply } from './testing/lab-effects.ts';
import { PgTransactions } from './testing/pg-transactions.ts';
import { StreamLab } from './testing/stream-lab.ts';
import { until } from './testing/until.ts';

const none = { missing: [], extra: [], twice: [] };
const quick = { blockMs: 300, readTimeoutMs: 300, backoffBaseMs: 5, backoffMaxMs: 100 };

describe('a consumer whose link to PostgreSQL fails', () => {
  let lab: StreamLab;
  let proxy: FaultProxy;
  let transactions: PgTransactions;

  beforeEach(async () => {
    lab = await StreamLab.open();
    proxy = lab.use(await startFaultProxy({ port: Number(new URL(lab.databaseUrl).port) }));
    transactions = new PgTransactions(proxy.through(lab.databaseUrl));
  });

  afterEach(async () => {
    await lab[Symbol.asyncDispose]();
    await transactions.close();
  });

  /** Cuts the connection once, at the first statement that holds `marker`: before it arrives, or before its answer does. */
  function cutOnceAt(marker: string, moment: 'statement' | 'answer'): () => boolean {
    let state: 'armed' | 'sent' | 'cut' = 'armed';
    proxy.watch((direction, chunk) => {
      if (state === 'armed' && direction === 'up' && chunk.includes(marker)) {
        state = moment === 'statement' ? 'cut' : 'sent';
        return state === 'cut' ? 'cut-before' : 'pass';
      }
      if (state === 'sent' && direction === 'down') {
        state = 'cut';
        return 'cut-before';
      }
      return 'pass';
    });
    return () => state === 'cut';
  }

  const steps = [
    'begin',
    'for update skip locked',
    'from unnest($2::text[], $3::bigint[]) as wanted',
    'insert into lab_applied',
    'with seen as',
    'commit',
  ];

  describe.each(steps)('at "%s"', (marker) => {
    it.each(['statement', 'answer'] as const)(
      'before its %s arrives, applies everything once and counts it once',
      async (moment) => {
        const relayed: string[] = [];
        const apply = labApply('g');
        await lab.started('g', {
          transactions,
          tuning: { ...quick, batchEntriesMax: 10 },
          apply: async (batch, tx) => {
            await apply(batch, tx);
            return () => void relayed.push(...batch.events.map(({ source, seq }) => `${source}/1/${seq}`));
          },
        });
        await lab.addMany(['a', 'b'], 10);
        await lab.untilAllApplied('g');
        const isCut = cutOnceAt(marker, moment);
        // A new source as well, so that a window has to be read.
        await lab.addMany(['a', 'b'], 15, undefined, 11);
        await lab.addMany(['c'], 15);
        await lab.untilAllApplied('g');
        await until(isCut);
        await until(() => relayed.length === 65);
        expect(await lab.differences('g')).toEqual(none);
        expect(new Set(relayed).size).toBe(65);
        expect(await lab.metric('trunkline_stream_entries_total', { outcome: 'applied' })).toBe(65);
        expect(await lab.metric('trunkline_stream_entries_total', { outcome: 'dead_letter' })).toBe(0);
        expect(await lab.resyncs('g')).toEqual([]);
      },
    );
  });

  it('for a while, waits, sets nothing aside and catches up', async () => {
    const consumer = await lab.started('g', { transactions, tuning: quick });
    await lab.addMany(['a'], 10);
    await lab.untilAllApplied('g');
    proxy.refuse();
    proxy.reset();
    await lab.addMany(['a'], 50, undefined, 11);
    await until(() => consumer.status().shards.some(({ failing }) => failing?.kind === 'transient'));
    await sleep(1_000);
    proxy.accept();
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await consumer.deadLetters.list()).toEqual([]);
    await until(() => consumer.status().shards.every(({ failing }) => failing === null));
  });

  it(
    'by silence in the middle of a batch, loses the shard to another replica',
    { timeout: 40_000 },
    async () => {
      let silent = false;
      const apply = labApply('g');
      await lab.started('g', {
        replica: 'silent',
        transactions,
        tuning: { ...quick, transactionMsMax: 2_000 },
        apply: async (batch, tx) => {
          if (silent) proxy.strand();
          silent = false;
          return await apply(batch, tx);
        },
      });
      await lab.addMany(['a', 'b', 'c'], 5);
      await lab.untilAllApplied('g');
      silent = true;
      await lab.started('g', { replica: 'other' });
      await lab.addMany(['a', 'b', 'c'], 5, undefined, 6);
      // How fast that is, `npm run chaos -- --takeover` tells.
      await lab.untilAllApplied('g');
      await lab.addMany(['a', 'b', 'c'], 5, undefined, 11);
      await lab.untilAllApplied('g');
      expect(await lab.differences('g')).toEqual(none);
    },
  );

  it('in the middle of a statement, loses the shard as well', { timeout: 40_000 }, async () => {
    const long = 'x'.repeat(400_000);
    await lab.started('g', {
      replica: 'silent',
      transactions,
      tuning: quick,
      apply: async (batch, tx) => {
        if (batch.events.some(({ seq }) => seq > 1))
          await tx.query('select length($1), length($2)', ['half-way', long]);
        return await labApply('g')(batch, tx);
      },
    });
    await lab.addMany(['a'], 1);
    await lab.untilAllApplied('g');
    // The first piece of the statement goes through, the rest stays behind: PostgreSQL waits for it.
    proxy.watch((direction, chunk) => {
      if (direction === 'up' && chunk.includes('half-way')) queueMicrotask(() => proxy.strand('up'));
      return 'pass';
    });
    await lab.started('g', { replica: 'other' });
    await lab.addMany(['a'], 5, undefined, 2);
    const startedAt = performance.now();
    await lab.untilAllApplied('g');
    const replacedAfterMs = performance.now() - startedAt;
    expect(replacedAfterMs).toBeGreaterThan(2_500);
    expect(await lab.differences('g')).toEqual(none);
  });

  it('by all its connections turning half-open at once, replaces them', { timeout: 40_000 }, async () => {
    await lab.started('g', { transactions, tuning: { ...quick, transactionMsMax: 3_000 } });
    await lab.addMany(['a', 'b', 'c'], 5);
    await lab.untilAllApplied('g');
    proxy.strand();
    await lab.addMany(['a', 'b', 'c'], 5, undefined, 6);
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
  });

  it('survives its sessions being ended at any time, with the real database package', async () => {
    const url = new URL(lab.databaseUrl);
    await using database = await openDatabase({
      url: url.toString(),
      applicationName: 'victim',
      connectionsMax: 5,
    });
    await lab.started('g', { transactions: database, tuning: { ...quick, batchEntriesMax: 20 } });
    const sources = ['a', 'b', 'c', 'd'];
    const load = lab.addMany(sources, 1_000);
    for (let round = 0; round < 15; round++) {
      await sleep(40);
      await lab.transactions.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'",
      );
    }
    await load;
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.metric('trunkline_stream_entries_total', { outcome: 'dead_letter' })).toBe(0);
  });
});

describe('a consumer whose link to Redis fails', () => {
  let lab: StreamLab;
  let proxy: FaultProxy;
  let redis: ReturnType<typeof createRedisConnections>;

  beforeEach(async () => {
    lab = await StreamLab.open();
    proxy = lab.use(await startFaultProxy({ port: Number(new URL(lab.redisUrl).port) }));
    redis = createRedisConnections({ url: proxy.through(lab.redisUrl), logger: lab.logger, name: 'faulty' });
    await lab.started('g', { redis, tuning: quick });
    await lab.addMany(['a', 'b', 'c'], 5);
    await lab.untilAllApplied('g');
  });

  afterEach(async () => {
    await lab[Symbol.asyncDispose]();
    await redis.closeAll();
  });

  it('by half-open sockets, replaces them and goes on', async () => {
    proxy.strand();
    await lab.addMany(['a', 'b', 'c'], 5, undefined, 6);
    const startedAt = performance.now();
    await lab.untilAllApplied('g');
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual([]);
  });

  it('by answers that never come, replaces the sockets and goes on', async () => {
    proxy.strand('down');
    await lab.addMany(['a', 'b', 'c'], 5, undefined, 6);
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
  });

  it('again and again, applies everything once', async () => {
    const load = lab.addMany(['a', 'b', 'c'], 500, undefined, 6);
    for (let round = 0; round < 10; round++) {
      await sleep(30);
      proxy.reset();
    }
    await load;
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual([]);
  });

  it('for a while, catches up', async () => {
    proxy.refuse();
    proxy.reset();
    await lab.addMany(['a', 'b', 'c'], 50, undefined, 6);
    await sleep(1_000);
    proxy.accept();
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual([]);
  });

  it('by being slow, only takes longer', async () => {
    proxy.delay('down', 50);
    await lab.addMany(['a', 'b', 'c'], 50, undefined, 6);
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
  });
});
