import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callSaidByEvent, callSaidBySnapshot } from './call/call-said.ts';
import type { Call } from './call/call.ts';
import { mergeCall } from './call/merge-call.ts';
import { showCall } from './call/show-call.ts';
import { isCallEvent, type LifecycleEvent } from './events/event.ts';
import { mergeExtension } from './extension/extension.ts';
import { standingOf } from './floor/floor-said.ts';
import { gather } from './news/gather.ts';
import { mergeRecording } from './recording/recording.ts';
import { compareKeys } from './statement-key.ts';
import { closeStuckCall } from './stuck-call/stuck-call.ts';
import type { Instant } from './instant.ts';
import {
  batchesOf,
  deliveriesOf,
  histories,
  plausible,
  read,
  readInOrder,
  stateOf,
} from './testing/index.ts';

const runs = { numRuns: 500 };

const read1 = (history: Parameters<typeof read>[0][]): LifecycleEvent[] => history.map(read);

describe('merging obeys three laws', () => {
  /** Everything that one history says of one thing, as separate statements, and closings of our own among them. */
  const statements = histories({ wordsMax: 40 }).map((history) => saidOfCalls(read1(history)));

  it('[CALL2] of calls: order, grouping and repetition change nothing', () => {
    fc.assert(
      fc.property(statements, fc.nat(), fc.nat(), fc.nat(), (calls, i, j, k) => {
        fc.pre(calls.length > 0);
        const [a, b, c] = [pick(calls, i), pick(calls, j), pick(calls, k)];
        expect(mergeCall(a, b)).toEqual(mergeCall(b, a));
        expect(mergeCall(mergeCall(a, b), c)).toEqual(mergeCall(a, mergeCall(b, c)));
        expect(mergeCall(a, a)).toEqual(a);
      }),
      runs,
    );
  });

  it('[EXT3] [REC1] of phones and recordings: the same', () => {
    fc.assert(
      fc.property(histories({ wordsMax: 40 }), fc.nat(), fc.nat(), fc.nat(), (history, i, j, k) => {
        const each = read1(history).map((event) => [...gather([event]).values()][0]);
        holdsFor(
          each
            .flatMap((news) => [...(news?.extensions.entries() ?? [])])
            .filter(([number]) => number === '1001'),
          mergeExtension,
        );
        holdsFor(
          each
            .flatMap((news) => [...(news?.recordings.entries() ?? [])])
            .filter(([key]) => key === 'rec-1.wav'),
          mergeRecording,
        );
        function holdsFor<Value>(
          entries: [string, Value][],
          merge: (one: Value, other: Value) => Value,
        ): void {
          if (entries.length === 0) return;
          const [a, b, c] = [pick(entries, i)[1], pick(entries, j)[1], pick(entries, k)[1]];
          expect(merge(a, b)).toEqual(merge(b, a));
          expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
          expect(merge(a, a)).toEqual(a);
        }
      }),
      runs,
    );
  });
});

describe('any delivery of a history gives the same state', () => {
  const delivered = histories({ pbxs: 2 }).chain((history) =>
    fc.tuple(fc.constant(history), deliveriesOf(history)),
  );

  it('[NEWS1] in any order, with any repetitions', () => {
    fc.assert(
      fc.property(delivered, ([history, deliveries]) => {
        expect(stateOf(gather(deliveries.map(read)))).toEqual(stateOf(gather(history.map(read))));
      }),
      runs,
    );
  });

  it('[NEWS1] in any batches, gathered one by one and merged afterwards', () => {
    const batched = delivered.chain(([history, deliveries]) =>
      fc.tuple(fc.constant(history), batchesOf(deliveries)),
    );
    fc.assert(
      fc.property(batched, ([history, batches]) => {
        const merged = new Map<string, Call>();
        for (const batch of batches) {
          for (const [pbx, { calls }] of gather(batch.map(read))) {
            for (const [key, call] of calls) {
              const known = merged.get(`${pbx} ${key}`);
              merged.set(`${pbx} ${key}`, known === undefined ? call : mergeCall(known, call));
            }
          }
        }
        const whole = gather(history.map(read));
        const expected = [...whole].flatMap(([pbx, { calls }]) =>
          [...calls].map(([key, call]) => [`${pbx} ${key}`, call] as const),
        );
        expect(merged).toEqual(new Map(expected));
      }),
      runs,
    );
  });

  it('[CALL6] [EXT4] the state is that of somebody who heard everything once, in order', () => {
    fc.assert(
      fc.property(histories({ wordsMax: 60 }), (history) => {
        const events = read1(plausible(history));
        const plain = readInOrder(events);
        for (const { calls, extensions } of stateOf(gather(events))) {
          expect(Object.fromEntries(calls.map(({ key, shown }) => [key, pickShown(shown)]))).toEqual(
            Object.fromEntries([...plain.calls].map(([key, call]) => [key, pickShown(call)])),
          );
          expect(Object.fromEntries(extensions.map(({ number, shown }) => [number, shown]))).toEqual(
            Object.fromEntries(
              [...plain.extensions].map(([number, { status, lastSeenAt }]) => [
                number,
                { status, lastSeenAt },
              ]),
            ),
          );
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what is closed and what is not', () => {
  it('[FLOOR1] a late word never resurrects what a floor above it closed', () => {
    fc.assert(
      fc.property(histories({ wordsMax: 40 }), (history) => {
        for (const { calls, floors } of gather(read1(history)).values()) {
          for (const call of calls.values()) {
            const isBelow = floors.some((floor) => compareKeys(floor.key, call.lastWord.key) > 0);
            if (isBelow) expect(showCall(call, floors).status).toBe('ended');
          }
        }
      }),
      runs,
    );
  });

  it('[SNAP3] a snapshot never ends a call of which something newer than its state was said', () => {
    fc.assert(
      fc.property(histories({ wordsMax: 40 }), (history) => {
        for (const { calls, floors } of gather(read1(history)).values()) {
          for (const call of calls.values()) {
            const { cause } = showCall(call, floors);
            if (cause !== 'reconciled') continue;
            const ending = floors.filter(
              (floor) => floor.cause === 'reconciled' && floor.key.asOf >= call.lastWord.key.asOf,
            );
            expect(ending.length).toBeGreaterThan(0);
          }
        }
      }),
      runs,
    );
  });

  it('[STUCK4] a closing of our own beats the word it was made for and loses to any later one', () => {
    fc.assert(
      fc.property(histories({ wordsMax: 40 }), fc.nat(), fc.nat(), (history, i, j) => {
        const calls = saidOfCalls(read1(history), false);
        fc.pre(calls.length > 0);
        const [observed, other] = [pick(calls, i), pick(calls, j)];
        const closed = mergeCall(observed, closeStuckCall(observed, 0 as Instant));
        const isLater = compareKeys(other.lastWord.key, observed.lastWord.key) > 0;
        const { lastWord } = mergeCall(closed, other);
        expect(lastWord).toEqual(isLater ? other.lastWord : closed.lastWord);
        expect(closed.lastWord.status).toBe('ended');
      }),
      runs,
    );
  });
});

function saidOfCalls(events: readonly LifecycleEvent[], withClosings = true): Call[] {
  const said = events.flatMap((event) => {
    if (isCallEvent(event) && event.call === 'call-1') return [callSaidByEvent(event)];
    if (event.type !== 'link.snapshot') return [];
    const standing = standingOf(event);
    return event.calls
      .filter(({ call }) => call === 'call-1')
      .map((listed) => callSaidBySnapshot(listed, standing));
  });
  return withClosings ? said.flatMap((call) => [call, closeStuckCall(call, 5_000_000 as Instant)]) : said;
}

const pick = <Value>(values: readonly Value[], index: number): Value =>
  values[index % values.length] as Value;

const pickShown = ({ status, endedAt, cause }: { status: string; endedAt?: unknown; cause?: unknown }) => ({
  status,
  endedAt,
  cause,
});
