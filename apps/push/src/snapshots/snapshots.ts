import type { Topic } from '@trunkline/realtime-protocol';
import { formatTopic } from '@trunkline/realtime-protocol';
import { monotonicNow, withDeadline } from '@trunkline/service-kit';
import type { TenantFeed } from '../feed/tenant-feed.ts';
import type { PushMetrics } from '../push-metrics.ts';
import type { SnapshotRows } from './read-rows.ts';
import { Snapshot } from './snapshot.ts';

export interface SnapshotsOptions {
  readonly read: (tenant: string, topic: Topic) => Promise<SnapshotRows | null>;
  readonly metrics: PushMetrics;
  readonly tuning: SnapshotsTuning;
}

export interface SnapshotsTuning {
  /** Read from the database at once. */
  readonly parallelMax: number;
  /** Waiting for that; whoever comes beyond it is asked to come again later. */
  readonly waitingMax: number;
  readonly timeoutMs: number;
  /** How long one serves all who want the same topic: after a restart hundreds come at once. */
  readonly shareMs: number;
}

export class SnapshotsBusyError extends Error {
  override readonly name = 'SnapshotsBusyError';
}

interface Shared {
  readonly takenAt: number;
  readonly sequence: number;
  readonly making: Promise<Snapshot>;
}

/**
 * Snapshots by feed and topic. The place comes first and the rows second: whatever lies in both is harmless, since rows carry
 * revisions, and nothing lies in neither.
 */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #shared = new WeakMap<object, Map<string, Shared>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: SnapshotsOptions) {
    this.#options = options;
  }

  async take(feed: TenantFeed, topic: Topic): Promise<Snapshot> {
    const { metrics, tuning } = this.#options;
    const { ring } = feed;
    const byTopic = this.#shared.get(ring) ?? new Map<string, Shared>();
    this.#shared.set(ring, byTopic);
    const name = formatTopic(topic);
    const known = byTopic.get(name);
    const isRecent = known !== undefined && monotonicNow() - known.takenAt < tuning.shareMs;
    if (isRecent && known.sequence >= ring.floorSequence) {
      metrics.snapshots.inc({ from: 'shared' });
      return await known.making;
    }
    metrics.snapshots.inc({ from: 'database' });
    const taken = { takenAt: monotonicNow(), sequence: ring.lastSequence, making: this.#make(feed, topic) };
    byTopic.set(name, taken);
    forgetLater(byTopic, name, taken, tuning.shareMs);
    return await taken.making;
  }

  async #make(feed: TenantFeed, topic: Topic): Promise<Snapshot> {
    const { read, tuning } = this.#options;
    const { ring } = feed;
    const place = { ring, sequence: ring.lastSequence, offset: ring.last };
    await this.#turn();
    try {
      const rows = await withDeadline(read(feed.tenant, topic), tuning.timeoutMs, 'reading a snapshot');
      return new Snapshot(formatTopic(topic), place, rows);
    } finally {
      // Whoever waits takes the place over, so that nobody slips in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  async #turn(): Promise<void> {
    const { parallelMax, waitingMax } = this.#options.tuning;
    if (this.#running < parallelMax) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= waitingMax) throw new SnapshotsBusyError('too many snapshots are wanted');
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push(resolve);
    await promise;
  }
}

/** Also one that failed: whoever comes next tries anew. */
function forgetLater(byTopic: Map<string, Shared>, name: string, taken: Shared, shareMs: number): void {
  const forget = (): void => {
    if (byTopic.get(name) === taken) byTopic.delete(name);
  };
  taken.making.then(() => setTimeout(forget, shareMs).unref(), forget);
}
