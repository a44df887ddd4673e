import { inBatchSpan } from './batch-span.ts';
import { BEFORE_FIRST } from './entry-id.ts';
import type { EntryId } from './entry-id.ts';
import { parseEntry } from './entry.ts';
import type { Entry, MalformedEntry } from './entry.ts';
import { storeDeadLetters } from './dead-letter-store.ts';
import { ApplyError } from './failure.ts';
import type { Offset, OffsetStore, StoredWindow } from './offset-store.ts';
import type { PayloadCodec, SqlTransaction } from './ports.ts';
import type { Resync, ResyncReason, ResyncRequest } from './resync-request.ts';
import { refusedFrom, siftBatch } from './sift-batch.ts';
import type { Parked, SiftedBatch } from './sift-batch.ts';
import { auditRead, UNALIGNED } from './stream-audit.ts';
import type { AfterCommit, Apply, EventBatch } from './stream-event.ts';
import { shardOf } from './stream-keys.ts';
import type { StreamRead } from './stream-reader.ts';
import type { WindowCache } from './window-cache.ts';

/** What all batches of a group share. */
export interface BatchContext<Payload, Tx extends SqlTransaction> {
  readonly group: string;
  readonly replica: string;
  readonly shards: number;
  readonly batchBytesMax: number;
  readonly offsets: OffsetStore;
  readonly codec: PayloadCodec<Payload>;
  readonly signal: AbortSignal;
  wants(type: string): boolean;
  readonly apply: Apply<Payload, Tx>;
  readonly resync: Resync<Tx>;
}

/** One attempt at one batch of one shard. */
export interface BatchAttempt {
  readonly shard: number;
  readonly windows: WindowCache;
  readonly read: StreamRead;
  /** Reads the same shard after another offset than the one that was assumed. */
  reread(after: EntryId): Promise<StreamRead>;
  /** Told as soon as it is known where this batch ends, to read the next one meanwhile. */
  onEnd(read: StreamRead, end: EntryId): void;
  /** False when this replica only presumed that the shard is still its own. */
  readonly entitled: boolean;
  readonly park: { readonly entryId: EntryId; readonly error: string; readonly attempts: number } | null;
  readonly resyncParked: boolean;
  /** Told how far it got, for whoever has to judge a failure. */
  onTaken(first: EntryId, entries: number): void;
}

export type BatchOutcome =
  | { readonly kind: 'locked' }
  | { readonly kind: 'not-ours'; readonly offset: Offset }
  | { readonly kind: 'nothing'; readonly offset: Offset; readonly read: StreamRead }
  | { readonly kind: 'reset'; readonly offset: Offset; readonly resyncs: number; readonly takenOver: boolean }
  | CommittedBatch;

export interface CommittedBatch {
  readonly kind: 'committed';
  /** Where the batch began. */
  readonly after: EntryId;
  readonly offset: Offset;
  readonly read: StreamRead;
  readonly taken: number;
  readonly wanted: number;
  readonly duplicates: number;
  readonly gapEntries: number;
  readonly trimmedUnread: number;
  readonly parked: number;
  readonly resyncs: readonly ResyncRequest[];
  readonly windows: readonly StoredWindow[];
  readonly afterCommit: AfterCommit | null;
  readonly takenOver: boolean;
}

/**
 * The heart of the room: lock the shard's offset, make sure that the read starts there, sort, apply, move the offset.
 * All of it in the caller's transaction, so that the effects and the offset are kept together or not at all.
 */
export async function workBatch<Payload, Tx extends SqlTransaction>(
  context: BatchContext<Payload, Tx>,
  attempt: BatchAttempt,
  tx: Tx,
): Promise<BatchOutcome> {
  const { shard, windows } = attempt;
  const before = await context.offsets.lock(tx, shard);
  if (before === null) return { kind: 'locked' };
  const takenOver = before.servedBy !== null && before.servedBy !== context.replica;
  if (takenOver && !attempt.entitled) return { kind: 'not-ours', offset: before };

  windows.validate(before, context.replica);
  const read = attempt.read.after === before.lastId ? attempt.read : await attempt.reread(before.lastId);
  const verdict = auditRead({ ...read, entries: read.entries.length }, before.entriesRead);
  if (verdict.kind === 'reset') return await rewind(context, shard, before, takenOver, tx);
  const lost = verdict.kind === 'lost' ? verdict.lost : 0;
  if (read.entries.length === 0 && lost === 0) return { kind: 'nothing', offset: before, read };

  const entries = takeEntries(read, attempt.park === null ? context.batchBytesMax : 0);
  // With nothing left to read, the offset passes over what was cut off at the end of the stream.
  const end = entries.at(-1)?.id ?? read.facts?.lastGeneratedId ?? before.lastId;
  const first = entries[0];
  if (first !== undefined) attempt.onTaken(first.id, entries.length);
  if (entries.length === read.entries.length) attempt.onEnd(read, end);

  await windows.load(tx, context.offsets, entries);
  const park = attempt.park?.entryId === first?.id ? attempt.park : null;
  const sifted = siftBatch(entries, windows, {
    codec: context.codec,
    wants: (type) => context.wants(type),
    park,
  });
  const resyncs = [
    ...(attempt.resyncParked
      ? sifted.resyncs
      : sifted.resyncs.filter(({ reason }) => reason !== 'dead-letter')),
    ...(lost > 0 ? await everySource(context, shard, 'trimmed', tx) : []),
  ];
  const { afterCommit, refused } = await applySifted(context, attempt, entries, sifted, resyncs, tx);

  const entriesRead = verdict.position === UNALIGNED ? UNALIGNED : verdict.position + entries.length;
  const move = { from: before.lastId, to: end, entriesRead };
  context.signal.throwIfAborted();
  await context.offsets.save(tx, shard, move, context.replica, sifted.windows);
  return {
    kind: 'committed',
    after: before.lastId,
    offset: { shard, lastId: end, entriesRead, servedBy: context.replica, servedAt: new Date() },
    read,
    taken: entries.length,
    wanted: sifted.events.length - refused,
    duplicates: sifted.duplicates,
    gapEntries: sifted.gapEntries,
    trimmedUnread: lost,
    parked: sifted.parked.length + refused,
    resyncs,
    windows: sifted.windows,
    afterCommit,
    takenOver,
  };
}

/**
 * Snapshot requests come before the events: they take the stronger lock on a source's row, and taking the weaker one
 * first and the stronger one later is how two groups would deadlock.
 */
async function applySifted<Payload, Tx extends SqlTransaction>(
  context: BatchContext<Payload, Tx>,
  { shard }: BatchAttempt,
  entries: readonly (Entry | MalformedEntry)[],
  sifted: SiftedBatch<Payload>,
  resyncs: readonly ResyncRequest[],
  tx: Tx,
): Promise<{ afterCommit: AfterCommit | null; refused: number }> {
  const { group, signal } = context;
  const refused: Parked[] = [];
  const refuse: EventBatch<Payload>['refuse'] = ({ entryId }, because) => {
    refused.push(refusedFrom(entries, entryId, because));
  };
  await storeDeadLetters(tx, group, shard, sifted.parked);
  try {
    if (resyncs.length > 0) await context.resync(resyncs, tx);
    if (sifted.events.length === 0) return { afterCommit: null, refused: 0 };
    const batch = { group, shard, events: sifted.events, signal, refuse };
    const afterCommit = await inBatchSpan(batch, () => context.apply(batch, tx));
    await storeDeadLetters(tx, group, shard, refused);
    return { afterCommit: afterCommit ?? null, refused: refused.length };
  } catch (error) {
    throw new ApplyError(error);
  }
}

/**
 * The stream began anew or went back in time. Ids up to the offset may now stand for entries that nobody read, so it is
 * read again from the start; the windows skip what was seen. What was lost can't be known: every source is asked.
 */
async function rewind<Payload, Tx extends SqlTransaction>(
  context: BatchContext<Payload, Tx>,
  shard: number,
  before: Offset,
  takenOver: boolean,
  tx: Tx,
): Promise<BatchOutcome> {
  const requests = await everySource(context, shard, 'reset', tx);
  if (requests.length > 0) await context.resync(requests, tx);
  const move = { from: before.lastId, to: BEFORE_FIRST, entriesRead: UNALIGNED };
  await context.offsets.save(tx, shard, move, context.replica, []);
  const offset = { ...before, lastId: BEFORE_FIRST, entriesRead: UNALIGNED, servedBy: context.replica };
  return { kind: 'reset', offset, resyncs: requests.length, takenOver };
}

async function everySource<Payload, Tx extends SqlTransaction>(
  { offsets, shards }: BatchContext<Payload, Tx>,
  shard: number,
  reason: ResyncReason,
  tx: Tx,
): Promise<ResyncRequest[]> {
  const sources = await offsets.readSources(tx);
  return sources
    .filter(({ source }) => shardOf(source, shards) === shard)
    .map(({ source, epoch }) => ({ source, epoch, reason, from: null, to: null }));
}

/** At least one entry, and then as many as fit. */
function takeEntries(read: StreamRead, bytesMax: number): (Entry | MalformedEntry)[] {
  const entries: (Entry | MalformedEntry)[] = [];
  let bytes = 0;
  for (const raw of read.entries) {
    const entry = parseEntry(raw);
    bytes += entry.text.length;
    if (entries.length > 0 && bytes > bytesMax) break;
    entries.push(entry);
  }
  return entries;
}
