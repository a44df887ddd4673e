import * as fc from 'fast-check';
import { openCallStatuses } from '../call/call-status.ts';
import { directions } from '../call/party.ts';
import { extensionStatuses } from '../extension/extension-status.ts';
import { saidCauses } from '../hangup-cause/hangup-cause.ts';

/** A kind of event and what it says, before it has a place in a history. */
export type Word = readonly [type: string, payload: Record<string, unknown>];

const oddCallKeys = ['call-1', 'call-2', 'call "3"', String.raw`call\4,{}`];

/** The more calls, the less often statements about the same one meet. */
const callKeysOf = (calls: number): string[] => [
  ...oddCallKeys,
  ...Array.from({ length: Math.max(0, calls - oddCallKeys.length) }, (_, index) => `17632.${index}`),
];

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

const callDetailsOf = (call: fc.Arbitrary<string>) => ({
  call,
  startedAt: moment,
  answeredAt: moment,
  caller: party,
  callee: party,
  route,
  extensions: fc.subarray([...extensionNumbers]),
});

const openCall = (call: fc.Arbitrary<string>) =>
  fc.tuple(
    fc.constantFrom(...openCallStatuses.map((status) => `call.${status}`)),
    fc.record({ ...callDetailsOf(call), at: moment }, { requiredKeys: ['call', 'at'] }),
  );
const endedCall = (call: fc.Arbitrary<string>) =>
  fc.tuple(
    fc.constant('call.ended'),
    fc.record(
      {
        ...callDetailsOf(call),
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
const recordingReady = (call: fc.Arbitrary<string>) =>
  fc.tuple(
    fc.constant('recording.ready'),
    fc.record(
      {
        recording: fc.constantFrom(...recordingKeys),
        at: moment,
        call,
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
const snapshot = (call: fc.Arbitrary<string>) =>
  fc.tuple(
    fc.constant('link.snapshot'),
    fc.record(
      {
        at: moment,
        asOfBack: fc.integer({ min: 1, max: 6 }),
        calls: fc.uniqueArray(listedCall(call), { selector: (listed) => listed.call, maxLength: 4 }),
        extensions: fc.uniqueArray(listedExtension, { selector: ({ extension }) => extension, maxLength: 3 }),
      },
      { requiredKeys: ['at', 'asOfBack', 'calls'] },
    ),
  );

const listedCall = (call: fc.Arbitrary<string>) =>
  fc.record(
    { ...callDetailsOf(call), status: fc.constantFrom(...openCallStatuses) },
    { requiredKeys: ['call', 'status'] },
  );

const listedExtension = fc.record(
  {
    extension: fc.constantFrom(...extensionNumbers),
    status: fc.constantFrom(...extensionStatuses),
    name: fc.constantFrom('Linus', 'Barbara'),
  },
  { requiredKeys: ['extension', 'status'] },
);

/** Anything a PBX may say, about so many calls. */
export function words(calls: number): fc.Arbitrary<Word> {
  const call = fc.constantFrom(...callKeysOf(calls));
  return fc.oneof(
    { weight: 10, arbitrary: openCall(call) },
    { weight: 4, arbitrary: endedCall(call) },
    { weight: 6, arbitrary: extensionChanged },
    { weight: 2, arbitrary: recordingReady(call) },
    { weight: 2, arbitrary: disconnected },
    { weight: 1, arbitrary: connected },
    { weight: 3, arbitrary: snapshot(call) },
  );
}
