import { BEFORE_FIRST, compareEntryIds } from './entry-id.ts';
import type { EntryId } from './entry-id.ts';

/** What Redis says of a stream; `entriesAdded` counts every XADD of its life and is missing before Redis 7. */
export interface StreamFacts {
  readonly length: number;
  readonly entriesAdded: number | null;
  readonly lastGeneratedId: EntryId;
  readonly firstEntryId: EntryId | null;
}

/** A read after an offset, with the facts of the same instant (both come from one MULTI). */
export interface AuditedRead {
  readonly after: EntryId;
  readonly entries: number;
  /** True when the read reached the end of the stream. */
  readonly reachedEnd: boolean;
  /** Null when there is no such stream. */
  readonly facts: StreamFacts | null;
}

/** `position`: the count of all entries ever added up to the offset, or `UNALIGNED`. */
export type Verdict =
  | { readonly kind: 'sound'; readonly position: number }
  | { readonly kind: 'lost'; readonly position: number; readonly lost: number }
  | { readonly kind: 'reset' };

/** The offset's place in the count of entries is not known yet: a new group, or a rewound one. */
export const UNALIGNED = -1;

/**
 * Compares the offset with the stream. The entries up to the offset plus those after it must be all that were ever
 * added: fewer seen means that entries were cut off unread (the difference is their exact number), more means that the
 * stream began anew. Sequence numbers find the same holes, but only when the source speaks again; this finds them at once.
 */
export function auditRead(read: AuditedRead, entriesRead: number): Verdict {
  const { after, facts } = read;
  const started = compareEntryIds(after, BEFORE_FIRST) > 0;
  if (facts === null) return started ? { kind: 'reset' } : { kind: 'sound', position: UNALIGNED };
  if (started && compareEntryIds(facts.lastGeneratedId, after) < 0) return { kind: 'reset' };
  if (facts.entriesAdded === null) return { kind: 'sound', position: UNALIGNED };

  const actual = positionOf(read, facts, facts.entriesAdded);
  if (entriesRead === UNALIGNED) return { kind: 'sound', position: actual ?? UNALIGNED };
  if (actual === null || actual === entriesRead) return { kind: 'sound', position: entriesRead };
  if (actual < entriesRead) return { kind: 'reset' };
  return { kind: 'lost', position: actual, lost: actual - entriesRead };
}

/** Known only where either end is in sight: all that is left is unread, or all that is unread was read just now. */
function positionOf(read: AuditedRead, facts: StreamFacts, entriesAdded: number): number | null {
  if (read.reachedEnd) return entriesAdded - read.entries;
  const nothingBehind = facts.firstEntryId !== null && compareEntryIds(facts.firstEntryId, read.after) > 0;
  return nothingBehind ? entriesAdded - facts.length : null;
}

export function lagOf(facts: StreamFacts | null, entriesRead: number): number {
  if (facts === null) return 0;
  if (facts.entriesAdded === null || entriesRead === UNALIGNED) return facts.length;
  return Math.max(0, facts.entriesAdded - entriesRead);
}
