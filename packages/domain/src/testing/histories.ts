import * as fc from 'fast-check';
import { openCallStatuses } from '../call/call-status.ts';
import { directions } from '../call/party.ts';
import type { LifecycleEvent } from '../events/event.ts';
import { readEvent } from '../events/read-event.ts';
import { extensionStatuses } from '../extension/extension-status.ts';
import { saidCauses } from '../hangup-cause/hangup-cause.ts';

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

const callKeys = ['call-1', 'call-2', 'call "3"', String.raw`call\4,{}`] as const;
const extensionNumbers = ['1001', '1002', '1003'] as const;
const recordingKeys = ['rec-1.wav', 'rec-2.wav'] as const;

const historyStart = Date.UTC(2026, 0, 1);
const moment = fc.integer({ min: 0, max: 100_000 }).map((offset) => historyStart + offset);

const party = fc.record(
  {
    number: fc.constantFrom('1001', '1002', '+49301234'),
    name: fc.constantFrom('Ada', 'Grace', 'O\'Neil "x"'),
  },
  { requiredKeys: ['number'] },
);
const route = fc.record(
  {
    direction: fc.constantFrom(...directions),
    trunk: fc.constant('sip-1'),
    did: fc.constantFrom('100', '200'),
  },
  { requiredKeys: ['direction'] },
);

const callDetails = {
  call: fc.constantFrom(...callKeys),
  startedAt: moment,
  answeredAt: moment,
  caller: party,
  callee: party,
  route,
  extensions: fc.subarray([...extensionNumbers]),
};

const openCall = fc.tuple(
  fc.constantFrom(...openCallStatuses.map((status) => `call.${status}`)),
  fc.record({ ...callDetails, at: moment }, { requiredKeys: ['call', 'at'] }),
);
const endedCall = fc.tuple(
  fc.constant('call.ended'),
  fc.record(
    {
      ...callDetails,
      at: moment,
      endedAt: moment,
      cause: fc.constantFrom(...saidCauses),
      talkSeconds: fc.integer({ min: 0, max: 500 }),
    },
    { requiredKeys: ['call', 'at'] },
  ),
);
const extensionChanged = fc.tuple(
  fc.constant('extension.changed'),
  fc.record(
    {
      extension: fc.constantFrom(...extensionNumbers),
      status: fc.constantFrom(...extensionStatuses),
      name: fc.constantFrom('Ada', 'Grace'),
      at: moment,
    },
    { requiredKeys: ['extension', 'status', 'at'] },
  ),
);
const recordingReady = fc.tuple(
  fc.constant('recording.ready'),
  fc.record(
    {
      recording: fc.constantFrom(...recordingKeys),
      at: moment,
      call: fc.constantFrom(...callKeys),
      durationSeconds: fc.integer({ min: 0, max: 500 }),
    },
    { requiredKeys: ['recording', 'at'] },
  ),
);
const disconnected = fc.tuple(
  fc.constant('link.disconnected'),
  fc.record({ at: moment, cause: fc.constantFrom('pbx_disconnected', 'pbx_restarted') }),
);
const connected = fc.tuple(fc.constant('link.connected'), fc.record({ at: moment }));

/** How far before its own version a snapshot's state lies; the event is given its place when the history is laid out. */
const snapshot = fc.tuple(
  fc.constant('link.snapshot'),
  fc.record(
    {
      at: moment,
      asOfBack: fc.integer({ min: 1, max: 6 }),
      calls: fc.uniqueArray(
        fc.record(
          { ...callDetails, status: fc.constantFrom(...openCallStatuses) },
          { requiredKeys: ['call', 'status'] },
        ),
        { selector: ({ call }) => call, maxLength: 4 },
      ),
      extensions: fc.uniqueArray(
        fc.record(
          {
            extension: fc.constantFrom(...extensionNumbers),
            status: fc.constantFrom(...extensionStatuses),
            name: fc.constantFrom('Linus', 'Barbara'),
          },
          { requiredKeys: ['extension', 'status'] },
        ),
        { selector: ({ extension }) => extension, maxLength: 3 },
      ),
    },
    { requiredKeys: ['at', 'asOfBack', 'calls'] },
  ),
);

const said = fc.oneof(
  { weight: 10, arbitrary: openCall },
  { weight: 4, arbitrary: endedCall },
  { weight: 6, arbitrary: extensionChanged },
  { weight: 2, arbitrary: recordingReady },
  { weight: 2, arbitrary: disconnected },
  { weight: 1, arbitrary: connected },
  { weight: 3, arbitrary: snapshot },
);

/** What one PBX said over a few epochs, in order, each word with its own version. */
const pbxHistory = (source: string, wordsMax: number): fc.Arbitrary<PublishedEvent[]> =>
  fc
    .array(fc.tuple(said, fc.boolean()), { maxLength: wordsMax })
    .map((words) => layOut(source, words as [[string, Record<string, unknown>], boolean][]));

function layOut(
  source: string,
  words: readonly [[string, Record<string, unknown>], boolean][],
): PublishedEvent[] {
  const history: PublishedEvent[] = [];
  let epoch = 1;
  let seq = 0;
  for (const [[type, payload], isTakenOver] of words) {
    // A takeover every now and then; the flag is true half of the time, so most are ignored.
    if (isTakenOver && seq >= 3) [epoch, seq] = [epoch + 1, 0];
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

/** The words of several PBXs, each PBX's in order. */
export const histories = ({ pbxs = 1, wordsMax = 30 } = {}): fc.Arbitrary<PublishedEvent[]> =>
  fc.tuple(...pbxIds.slice(0, pbxs).map((id) => pbxHistory(id, wordsMax))).map((parts) => parts.flat());

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

/** What deliveries make of a history: any order, some of it more than once, nothing lost. */
export const deliveriesOf = <Event>(history: readonly Event[]): fc.Arbitrary<Event[]> =>
  fc
    .tuple(fc.shuffledSubarray([...history], { minLength: history.length }), fc.subarray([...history]))
    .chain(([all, again]) =>
      fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }),
    );

/** A list cut into pieces of random length. */
export const batchesOf = <Event>(events: readonly Event[]): fc.Arbitrary<Event[][]> =>
  fc
    .array(fc.integer({ min: 1, max: 7 }), { minLength: events.length, maxLength: events.length })
    .map((sizes) => {
      const batches: Event[][] = [];
      let start = 0;
      for (const size of sizes) {
        if (start >= events.length) break;
        batches.push(events.slice(start, start + size));
        start += size;
      }
      return batches;
    });
