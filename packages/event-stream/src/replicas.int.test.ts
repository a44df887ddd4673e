import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startReplica } from './testing/start-replica.ts';
import type { ReplicaProcess } from './testing/start-replica.ts';
import { StreamLab } from './testing/stream-lab.ts';
import { until } from './testing/until.ts';

const none = { missing: [], extra: [], twice: [] };
const SOURCES = Array.from({ length: 12 }, (_, index) => `pbx-${index}`);
const SHARDS = 4;

describe('replicas of a group', () => {
  let lab: StreamLab;

  beforeEach(async () => {
    lab = await StreamLab.open({ shards: SHARDS });
  });

  afterEach(() => lab[Symbol.asyncDispose]());

  async function servedBy(): Promise<Map<number, string | null>> {
    const { rows } = await lab.transactions.pool.query<{ shard: number; served_by: string | null }>(
      'select shard, served_by from stream_offset order by shard',
    );
    return new Map(rows.map(({ shard, served_by }) => [shard, served_by]));
  }

  /** A shard that nobody has looked at yet has no row, so that "all rows" alone would be true at the start. */
  async function allServedBy(accepts: (replica: string) => boolean): Promise<boolean> {
    const owners = [...(await servedBy()).values()];
    return (
      owners.length === SHARDS && owners.every((name) => name !== null && accepts(name.split('/')[0] ?? ''))
    );
  }

  /** Publishes until it is stopped; also by a test that fails meanwhile, or its publisher would end under it. */
  function publishing(count: number, everyMs: number): AsyncDisposable & { stop(): Promise<void> } {
    const publisher = lab.publisher();
    const enough = new AbortController();
    const load = (async () => {
      for (let seq = 1; !enough.signal.aborted; seq += count) {
        await lab.addMany(SOURCES, count, publisher, seq);
        await sleep(everyMs);
      }
    })();
    const stop = (): Promise<void> => {
      enough.abort();
      return load;
    };
    return { stop, [Symbol.asyncDispose]: stop };
  }

  it('share the shards of a backlog and apply everything once', async () => {
    await lab.addMany(SOURCES, 500);
    const replicas = ['r1', 'r2', 'r3', 'r4'];
    for (const replica of replicas)
      await lab.started('g', { replica, tuning: { batchEntriesMax: 20, parallelShardsMax: 1 } });
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual([]);
  });

  it('do not all jump at each event: who served a shard last keeps it', async () => {
    const replicas = ['r1', 'r2', 'r3', 'r4'];
    // A head start that no pause of this process uses up.
    const tuning = { headStartMs: 5_000 };
    for (const replica of replicas) await lab.started('g', { replica, tuning });
    await lab.addMany(SOURCES, 1);
    await lab.untilAllApplied('g');
    await until(() => allServedBy(() => true));
    // Whoever still thinks that a shard is nobody's has looked again by then.
    await sleep(500);
    const before = await servedBy();
    for (let round = 0; round < 20; round++) {
      await lab.addMany(SOURCES, 1, undefined, 2 + round);
      await sleep(25);
    }
    await lab.untilAllApplied('g');
    expect(await servedBy()).toEqual(before);
    expect(await lab.differences('g')).toEqual(none);
  });

  it('come and go under load without losing or repeating anything', async () => {
    await using load = publishing(5, 5);
    for (let round = 0; round < 6; round++) {
      const consumers = await Promise.all(
        ['x', 'y', 'z'].map((name) =>
          lab.started('g', { replica: `${name}${round}`, tuning: { batchEntriesMax: 30 } }),
        ),
      );
      await sleep(150);
      await Promise.all(consumers.map((consumer) => consumer.stop()));
    }
    await load.stop();
    await lab.started('g');
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    expect(await lab.resyncs('g')).toEqual([]);
  });

  it('replace a killed owner without waiting for any timeout', { timeout: 120_000 }, async () => {
    const replicas = new Map<string, ReplicaProcess>();
    const start = async (name: string) => void replicas.set(name, await startReplica(lab, 'g', name));
    await Promise.all(['r1', 'r2', 'r3'].map(start));
    await using load = publishing(1, 10);
    const takeovers: number[] = [];
    for (let round = 0; round < 3; round++) {
      await until(() => allServedBy(() => true));
      await sleep(200);
      const owner = (await servedBy()).get(round % SHARDS)?.split('/')[0] ?? '';
      const victim = replicas.get(owner);
      if (victim === undefined) throw new Error(`${owner} serves, but is not running`);
      replicas.delete(owner);
      victim.signal('SIGKILL');
      const killedAt = performance.now();
      await until(() => allServedBy((name) => replicas.has(name)), 20_000);
      takeovers.push(performance.now() - killedAt);
      await start(`s${round}`);
    }
    await load.stop();
    await lab.untilAllApplied('g');
    expect(await lab.differences('g')).toEqual(none);
    // Its session ends with it: nobody has to wait for the 3 s after which a silent one is ended. The quickest of three, since
    // a busy machine may hold any of them up; waiting would hold up all.
    expect(takeovers.toSorted((a, b) => a - b)[0]).toBeLessThan(2_500);
  });

  it('replace a frozen owner, and its late commit fails', { timeout: 60_000 }, async () => {
    const owner = await startReplica(lab, 'g', 'frozen');
    await lab.addMany(SOURCES, 1);
    await lab.untilAllApplied('g');
    await startReplica(lab, 'g', 'spare');
    const applying = owner.applying();
    await lab.add({ source: 'pbx-0', seq: 2, payload: { sleepMs: 300 } });
    await applying;
    owner.signal('SIGSTOP');
    const frozenAt = performance.now();
    await lab.untilAllApplied('g');
    const replacedAfterMs = performance.now() - frozenAt;
    // Not before PostgreSQL gave up on the session that holds the lock; how soon after, `npm run chaos -- --takeover` tells.
    expect(replacedAfterMs).toBeGreaterThan(2_500);
    owner.signal('SIGCONT');
    await lab.addMany(SOURCES, 20, undefined, 3);
    lab.expectAlso(...SOURCES.slice(1).map((source) => ({ source, seq: 2 })));
    for (const source of SOURCES.slice(1)) await lab.add({ source, seq: 2 });
    await lab.untilAllApplied('g');
    await sleep(500);
    expect(await lab.differences('g')).toEqual(none);
  });
});
