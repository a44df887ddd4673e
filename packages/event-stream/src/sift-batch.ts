import type { Entry, MalformedEntry } from './entry.ts';
import type { EntryId } from './entry-id.ts';
import { messageOf } from './failure.ts';
import type { StoredWindow } from './offset-store.ts';
import type { PayloadCodec } from './ports.ts';
import type { ResyncRequest } from './resync-request.ts';
import type { StreamEvent } from './stream-event.ts';
import type { WindowCache } from './window-cache.ts';

/** An entry that is set aside. */
export interface Parked {
  readonly entryId: EntryId;
  readonly entry: Entry | null;
  readonly text: string;
  readonly error: string;
  readonly attempts: number;
}

export interface SiftedBatch<Payload> {
  readonly events: StreamEvent<Payload>[];
  readonly parked: Parked[];
  readonly resyncs: ResyncRequest[];
  /** The windows that changed, in key order, so that all replicas write them in the same order. */
  readonly windows: StoredWindow[];
  readonly duplicates: number;
  readonly gapEntries: number;
}

export interface SiftSettings<Payload> {
  readonly codec: PayloadCodec<Payload>;
  wants(type: string): boolean;
  /** Set when the first entry has failed alone often enough. */
  readonly park: { readonly error: string; readonly attempts: number } | null;
}

/** Sorts a batch: what is to be applied, what is set aside, who needs a snapshot. Counts every entry in its window. */
export function siftBatch<Payload>(
  entries: readonly (Entry | MalformedEntry)[],
  windows: WindowCache,
  settings: SiftSettings<Payload>,
): SiftedBatch<Payload> {
  const events: StreamEvent<Payload>[] = [];
  const parked: Parked[] = [];
  const touched = new Map<StoredWindow, WindowBefore>();
  let duplicates = 0;
  let stored: StoredWindow | null = null;

  for (const entry of entries) {
    if (entry.kind === 'malformed') {
      parked.push({ entryId: entry.id, entry: null, text: entry.text, error: entry.problem, attempts: 1 });
      continue;
    }
    // Sources come in runs: most of the time it is the window of the entry before.
    if (stored === null || stored.source !== entry.source || stored.epoch !== entry.epoch) {
      stored = windows.find(entry.source, entry.epoch);
      if (stored === null)
        throw new Error(`the window of ${entry.source} in epoch ${entry.epoch} was not loaded`);
      if (!touched.has(stored)) touched.set(stored, { high: stored.window.high, lost: stored.window.lost });
    }
    if (stored.window.see(entry.seq) === 'duplicate') duplicates++;
    else if (settings.park !== null && entry === entries[0]) parked.push(parkedFrom(entry, settings.park));
    else if (settings.wants(entry.type)) takeOrPark(entry, settings.codec, events, parked);
  }

  const gaps = gapsOf(touched);
  return {
    events,
    parked,
    resyncs: [...gaps.requests, ...parked.flatMap(resyncOfParked)],
    windows: [...touched.keys()].sort(byKey),
    duplicates,
    gapEntries: gaps.entries,
  };
}

interface WindowBefore {
  readonly high: number;
  readonly lost: number;
}

function takeOrPark<Payload>(
  entry: Entry,
  codec: PayloadCodec<Payload>,
  events: StreamEvent<Payload>[],
  parked: Parked[],
): void {
  try {
    events.push(eventFrom(entry, codec));
  } catch (error) {
    parked.push(parkedFrom(entry, { error: `can't be decoded: ${messageOf(error)}`, attempts: 1 }));
  }
}

export function eventFrom<Payload>(entry: Entry, codec: PayloadCodec<Payload>): StreamEvent<Payload> {
  return {
    entryId: entry.id,
    source: entry.source,
    epoch: entry.epoch,
    seq: entry.seq,
    type: entry.type,
    payload: codec.decode(entry.text, entry),
    traceparent: entry.traceparent,
  };
}

/**
 * One request for each window with holes that this batch opened and did not fill. A hole that a later entry of the same
 * batch filled was only a change of order.
 */
function gapsOf(touched: ReadonlyMap<StoredWindow, WindowBefore>): {
  requests: ResyncRequest[];
  entries: number;
} {
  const requests: ResyncRequest[] = [];
  let entries = 0;
  for (const [{ source, epoch, window }, before] of touched) {
    const opened = window.holes.filter((hole) => hole.from > before.high);
    const first = opened[0];
    const last = opened.at(-1);
    if (first === undefined || last === undefined) continue;
    requests.push({ source, epoch, reason: 'gap', from: first.from, to: last.to });
    for (const hole of opened) entries += hole.to - hole.from + 1;
  }
  return { requests, entries };
}

/** An event that `apply` refused. It asks for no snapshot: whoever refuses an event has no use for its source's state. */
export function refusedFrom(
  entries: readonly (Entry | MalformedEntry)[],
  entryId: EntryId,
  error: string,
): Parked {
  const entry = entries.find(({ id }) => id === entryId);
  if (entry === undefined || entry.kind === 'malformed') throw new Error(`${entryId} is not of this batch`);
  return parkedFrom(entry, { error, attempts: 1 });
}

function parkedFrom(entry: Entry, { error, attempts }: { error: string; attempts: number }): Parked {
  return { entryId: entry.id, entry, text: entry.text, error, attempts };
}

function resyncOfParked({ entry }: Parked): ResyncRequest[] {
  if (entry === null) return [];
  return [
    { source: entry.source, epoch: entry.epoch, reason: 'dead-letter', from: entry.seq, to: entry.seq },
  ];
}

function byKey(a: StoredWindow, b: StoredWindow): number {
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.epoch - b.epoch;
}
