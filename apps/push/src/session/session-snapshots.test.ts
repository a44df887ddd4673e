import { describe, expect, it } from 'vitest';
import type { Topic } from '@trunkline/realtime-protocol';
import type { TenantFeed } from '../feed/tenant-feed.ts';
import type { Snapshot } from '../snapshots/snapshot.ts';
import { SessionSnapshots } from './session-snapshots.ts';

const feed = {} as TenantFeed;
const topic = (key: number): Topic => ({ kind: 'calls', key: `${key}` });

/** Snapshots that are ready when the test says so. */
function readsOf() {
  const reads: { readonly topic: string | null; readonly finish: (error?: Error) => void }[] = [];
  const take = (_feed: TenantFeed, { key }: Topic): Promise<Snapshot> => {
    const { promise, resolve, reject } = Promise.withResolvers<Snapshot>();
    const snapshot = { topic: key } as Snapshot;
    reads.push({ topic: key, finish: (error) => (error === undefined ? resolve(snapshot) : reject(error)) });
    return promise;
  };
  return { reads, snapshots: { take } };
}

const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the snapshots of a session', () => {
  it('are wanted a few at a time, in their order, also after one that failed', async () => {
    const { reads, snapshots } = readsOf();
    const session = new SessionSnapshots({ snapshots, atOnceMax: 2, topicsMax: 10 });
    const taken = [1, 2, 3, 4].map((key) => session.take(feed, topic(key), () => true));
    await turns();
    expect(reads.map((read) => read.topic)).toEqual(['1', '2']);
    reads[1]?.finish(new Error('the database is away'));
    await expect(taken[1]).rejects.toThrow('the database is away');
    await turns();
    expect(reads.map((read) => read.topic)).toEqual(['1', '2', '3']);
    reads[0]?.finish();
    await turns();
    for (const { finish } of reads) finish();
    await Promise.all([taken[0], taken[2], taken[3]]);
    void session.take(feed, topic(5), () => true);
    void session.take(feed, topic(6), () => true);
    await turns();
    expect(reads.map((read) => read.topic)).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('that nobody wants any more are not read, and their waiting is bounded', async () => {
    const { reads, snapshots } = readsOf();
    const session = new SessionSnapshots({ snapshots, atOnceMax: 1, topicsMax: 3 });
    const first = session.take(feed, topic(0), () => true);
    let wanted = 0;
    let forgotten = 0;
    const taken = Array.from({ length: 1_000 }, (_, index) => {
      wanted = index;
      const one = session.take(feed, topic(index), () => wanted === index);
      void one.then((snapshot) => (forgotten += snapshot === null ? 1 : 0));
      return one;
    });
    await turns();
    expect(forgotten).toBeGreaterThanOrEqual(1_000 - 6);
    reads[0]?.finish();
    await first;
    await turns();
    expect(reads.map((read) => read.topic)).toEqual(['0', '999']);
    reads[1]?.finish();
    expect(await taken[999]).toEqual({ topic: '999' });
  });
});
