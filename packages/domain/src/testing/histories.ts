import * as fc from 'fast-check';
import type { LifecycleEvent } from '../events/event.ts';
import { readEvent } from '../events/read-event.ts';
import { words, type Word } from './words.ts';

/**
 * Random histories of PBXs for property tests. They need not make sense as telephony, quite the contrary: whatever a
 * PBX says in whatever order, merging must obey its laws. Few calls and phones, so that statements meet often.
 */

/** An event before it is read: what a publisher would put on the wire. */
export interface PublishedEvent {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly type: string;
  readonly payload: Record<string, unknown>;
}

export const pbxIds = [
  '00000000-0000-4000-8000-000000000001',
  '00000000-0000-4000-8000-000000000002',
  '00000000-0000-4000-8000-000000000003',
] as const;

/** How a history is made; what is left out is small, so that a failing one can be read. */
export interface HistoryShape {
  readonly pbxs?: number;
  /** Words of each PBX. */
  readonly wordsMin?: number;
  readonly wordsMax?: number;
  readonly calls?: number;
  /** Words that an epoch has at least. */
  readonly epochWordsMin?: number;
}

/** The words of several PBXs, each PBX's in order. */
export const histories = ({ pbxs = 1, ...shape }: HistoryShape = {}): fc.Arbitrary<PublishedEvent[]> =>
  fc.tuple(...pbxIds.slice(0, pbxs).map((id) => pbxHistory(id, shape))).map((parts) => parts.flat());

/** What one PBX said over a few epochs, in order, each word with its own version. */
const pbxHistory = (
  source: string,
  { wordsMin = 0, wordsMax = 30, calls = 4, epochWordsMin = 3 }: HistoryShape,
): fc.Arbitrary<PublishedEvent[]> =>
  fc
    .array(fc.tuple(words(calls), fc.boolean()), { minLength: wordsMin, maxLength: wordsMax })
    .map((said) => layOut(source, said, epochWordsMin));

function layOut(source: string, said: readonly [Word, boolean][], epochWordsMin: number): PublishedEvent[] {
  const history: PublishedEvent[] = [];
  let epoch = 1;
  let seq = 0;
  for (const [[type, payload], isTakenOver] of said) {
    if (isTakenOver && seq >= epochWordsMin) [epoch, seq] = [epoch + 1, 0];
    seq += 1;
    history.push({ source, epoch, seq, type, payload: placed(payload, history) });
  }
  return history;
}

function placed(
  payload: Record<string, unknown>,
  before: readonly PublishedEvent[],
): Record<string, unknown> {
  const { asOfBack, ...rest } = payload;
  if (typeof asOfBack !== 'number') return rest;
  const seen = before.at(-asOfBack);
  return { ...rest, asOf: seen === undefined ? { epoch: 0, seq: 0 } : { epoch: seen.epoch, seq: seen.seq } };
}

/**
 * The same history as a connector would have told it: a snapshot that was under way when the link broke is thrown
 * away, here by letting it speak of the time since, and no snapshot is older than the one before it.
 */
export function plausible(history: readonly PublishedEvent[]): PublishedEvent[] {
  let since = { epoch: 0, seq: 0 };
  return history.map((event) => {
    if (event.type === 'link.disconnected') since = { epoch: event.epoch, seq: event.seq };
    if (event.type !== 'link.snapshot') return event;
    const { asOf } = event.payload as { asOf: typeof since };
    if (asOf.epoch > since.epoch || (asOf.epoch === since.epoch && asOf.seq > since.seq)) since = asOf;
    return { ...event, payload: { ...event.payload, asOf: since } };
  });
}

export const read = (event: PublishedEvent): LifecycleEvent => readEvent(event, event.payload);
