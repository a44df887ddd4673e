import { createMetrics } from '@trunkline/service-kit';
import type { Topic } from '@trunkline/realtime-protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { Ring } from '../feed/ring.ts';
import type { TenantFeed } from '../feed/tenant-feed.ts';
import { createPushMetrics } from '../push-metrics.ts';
import type { SnapshotRows } from './read-rows.ts';
import { Snapshot } from './snapshot.ts';
import { Snapshots, SnapshotsBusyError, type SnapshotsTuning } from './snapshots.ts';

const registry = createMetrics({ app: 'test' });
const metrics = createPushMetrics(registry);
afterAll(() => registry.stop());

const phones: Topic = { kind: 'extensions', key: null };
const phoneCalls = (key: string): Topic => ({ kind: 'calls', key });
const found: SnapshotRows = { type: 'extension_update', rows: [{ extension: '1001' }] };

/** As much of a feed as a snapshot asks of one. */
function feedAt(offset: string) {
  return { tenant: 't', ring: new Ring('e', offset, { entriesMax: 10, lettersMax: 1_000 }) } as TenantFeed;
}

function snapshotsOf(read: () => Promise<SnapshotRows | null>, tuning: Partial<SnapshotsTuning> = {}) {
  const bounds = { parallelMax: 2, waitingMax: 100, timeoutMs: 5_000, shareMs: 60_000, ...tuning };
  return new Snapshots({ read, metrics, tuning: bounds });
}

describe('snapshots', () => {
  it('of one topic are read once for all who want it within a moment', async () => {
    let reads = 0;
    const snapshots = snapshotsOf(() => Promise.resolve((reads += 1) > 0 ? found : null));
    const feed = feedAt('5-0');
    const taken = await Promise.all(Array.from({ length: 50 }, () => snapshots.take(feed, phones)));
    expect([new Set(taken).size, reads]).toEqual([1, 1]);
    expect(taken[0]?.offset).toBe('5-0');
    await snapshots.take(feed, phoneCalls('1001'));
    await snapshots.take(feedAt('6-0'), phones);
    expect(reads).toBe(3);
  });

  it('are read anew after that moment, and after a failure', async () => {
    let reads = 0;
    const snapshots = snapshotsOf(
      () => {
        reads += 1;
        return reads === 1 ? Promise.reject(new Error('the database is away')) : Promise.resolve(found);
      },
      { shareMs: 0 },
    );
    const feed = feedAt('5-0');
    await expect(snapshots.take(feed, phones)).rejects.toThrow('the database is away');
    await snapshots.take(feed, phones);
    await snapshots.take(feed, phones);
    expect(reads).toBe(3);
  });

  it('are read a few at a time, and beyond those that may wait whoever comes is sent away', async () => {
    let running = 0;
    let most = 0;
    const { promise: go, resolve } = Promise.withResolvers<void>();
    const read = async (): Promise<SnapshotRows> => {
      running += 1;
      most = Math.max(most, running);
      await go;
      running -= 1;
      return found;
    };
    const snapshots = snapshotsOf(read, { waitingMax: 5 });
    const feed = feedAt('5-0');
    const all = Array.from({ length: 8 }, (_, index) => snapshots.take(feed, phoneCalls(String(index))));
    await expect(all[7]).rejects.toThrow(SnapshotsBusyError);
    resolve();
    await Promise.all(all.slice(0, 7));
    expect(most).toBe(2);
  });
});

describe('a snapshot', () => {
  const place = { ring: feedAt('5-0').ring, sequence: 0, offset: '5-0' };
  const partsOf = (snapshot: Snapshot, masked = false) =>
    snapshot.parts(masked).map((bytes) => {
      const text = bytes.toString();
      return JSON.parse(text.slice(text.indexOf('{"'))) as {
        part: number;
        last: boolean;
        rows: Record<string, unknown[]>;
      };
    });

  it('[POS5] comes in parts of a bounded size, of which one is the last', () => {
    const rows = Array.from({ length: 300 }, (_, index) => ({
      extension: `${index}`,
      name: 'x'.repeat(1_000),
    }));
    const snapshot = new Snapshot('extensions', place, { type: 'extension_update', rows });
    const parts = partsOf(snapshot);
    expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index));
    expect(parts.map(({ last }) => last)).toEqual(parts.map((_, index) => index === parts.length - 1));
    expect(parts.flatMap((part) => part.rows['extension_update'])).toEqual(rows);
    for (const bytes of snapshot.parts(false)) expect(bytes.length).toBeLessThan(70 * 1024);
  });

  it('of nothing has one part, and so has one that is not read at all', () => {
    expect(partsOf(new Snapshot('extensions', place, { type: 'extension_update', rows: [] }))).toMatchObject([
      { part: 0, last: true, rows: { extension_update: [] } },
    ]);
    expect(partsOf(new Snapshot('user:u', place, null))).toMatchObject([{ part: 0, last: true, rows: {} }]);
  });

  it('[TOPIC5] is masked for those who may not see numbers', () => {
    const rows = [{ call: 'a', callerNumber: '0301234567' }];
    const snapshot = new Snapshot('calls', place, { type: 'call_update', rows });
    expect(partsOf(snapshot, true)[0]?.rows['call_update']).toEqual([{ call: 'a', callerNumber: '***567' }]);
    expect(partsOf(snapshot)[0]?.rows['call_update']).toEqual(rows);
  });
});
