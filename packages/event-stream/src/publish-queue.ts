import type { EventHead } from './entry.ts';

export type DropReason = 'queue-full' | 'too-large' | 'stopped';

export type PublishOutcome =
  | { readonly written: true; readonly entryId: string }
  /** A snapshot must make good for it: see `onLoss`. */
  | { readonly written: false; readonly reason: DropReason };

/** A run of a source's events that were dropped: `events` of them, from `fromSeq` to `toSeq`. */
export interface Loss {
  readonly source: string;
  readonly epoch: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly events: number;
  readonly reason: DropReason;
}

export interface QueuedEvent {
  readonly head: EventHead;
  readonly shard: number;
  readonly header: string;
  readonly text: string;
  /** On the monotonic clock. */
  readonly queuedAtMs: number;
  settle(outcome: PublishOutcome): void;
}

export interface QueueBounds {
  readonly entriesMax: number;
  readonly bytesMax: number;
}

/** Below this share of its bounds a queue that overflowed takes everything again. */
const RESUME_BELOW = 0.5;

/**
 * Waiting events, in order for each shard, within bounds that hold for all shards together. Pure: no clock, no socket.
 *
 * When it is full, the source that publishes next starts to lose: that event and all its following ones are dropped as
 * one run, until the queue is half empty and taking snapshots has a chance again. The newest go and not the oldest,
 * because a snapshot repairs the end of a history as well as its beginning, and what waits may already be on the wire.
 */
export class PublishQueue {
  readonly #bounds: QueueBounds;
  readonly #shards: QueuedEvent[][];
  readonly #losing = new Map<string, Loss[]>();
  #entries = 0;
  #bytes = 0;

  constructor(shards: number, bounds: QueueBounds) {
    this.#bounds = bounds;
    this.#shards = Array.from({ length: shards }, () => []);
  }

  get entries(): number {
    return this.#entries;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** True when it was taken; false when it was added to its source's run of losses. */
  push(event: QueuedEvent): boolean {
    const losing = this.#losing.get(event.head.source);
    const full =
      this.#entries >= this.#bounds.entriesMax || this.#bytes + event.text.length > this.#bounds.bytesMax;
    if (losing === undefined && !full) {
      this.#shards[event.shard]?.push(event);
      this.#entries++;
      this.#bytes += event.text.length;
      return true;
    }
    this.#losing.set(event.head.source, extendLosses(losing ?? [], event.head, 'queue-full'));
    return false;
  }

  /** Looks at the oldest events of a shard; they stay until `remove`. */
  peek(shard: number, count: number): QueuedEvent[] {
    return (this.#shards[shard] ?? []).slice(0, count);
  }

  /** Takes these events out, wherever in their shard they stand. */
  remove(shard: number, gone: ReadonlySet<QueuedEvent>): void {
    const queue = this.#shards[shard];
    if (queue === undefined || gone.size === 0) return;
    const rest = queue.filter((event) => !gone.has(event));
    this.#entries -= queue.length - rest.length;
    this.#bytes -= sumBytes(queue) - sumBytes(rest);
    this.#shards[shard] = rest;
  }

  waiting(shard: number): number {
    return this.#shards[shard]?.length ?? 0;
  }

  /** The runs that end because there is room again. A source is taken from now on. */
  endLosses(): Loss[] {
    const { entriesMax, bytesMax } = this.#bounds;
    if (this.#losing.size === 0) return [];
    if (this.#entries > entriesMax * RESUME_BELOW || this.#bytes > bytesMax * RESUME_BELOW) return [];
    return this.#takeLosses();
  }

  #takeLosses(): Loss[] {
    const losses = [...this.#losing.values()].flat();
    this.#losing.clear();
    return losses;
  }

  /** Gives up all that still waits: the events in order, and what their sources lose by it. */
  giveUp(): { events: QueuedEvent[]; losses: Loss[] } {
    const events = this.#drain();
    const runs = new Map<string, Loss[]>();
    for (const { head } of events) {
      runs.set(head.source, extendLosses(runs.get(head.source) ?? [], head, 'stopped'));
    }
    return { events, losses: [...[...runs.values()].flat(), ...this.#takeLosses()] };
  }

  #drain(): QueuedEvent[] {
    const events = this.#shards.flat();
    for (const shard of this.#shards) shard.length = 0;
    this.#entries = 0;
    this.#bytes = 0;
    return events;
  }
}

/** A new epoch counts anew, so it has a run of its own. */
function extendLosses(
  losses: readonly Loss[],
  { source, epoch, seq }: EventHead,
  reason: DropReason,
): Loss[] {
  const last = losses.at(-1);
  if (last === undefined || last.epoch !== epoch) {
    return [...losses, { source, epoch, fromSeq: seq, toSeq: seq, events: 1, reason }];
  }
  const fromSeq = Math.min(last.fromSeq, seq);
  const toSeq = Math.max(last.toSeq, seq);
  return [...losses.slice(0, -1), { ...last, fromSeq, toSeq, events: last.events + 1 }];
}

function sumBytes(events: readonly QueuedEvent[]): number {
  return events.reduce((sum, { text }) => sum + text.length, 0);
}
