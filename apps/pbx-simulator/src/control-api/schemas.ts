import * as v from 'valibot';
import { callKinds, type CallPlan } from '../contract/call-plan.ts';
import { recordingFaults, type Fault, type ScheduledFault } from '../contract/fault.ts';
import { endCauses } from '../contract/ledger.ts';
import type { TrafficModel } from '../contract/traffic-model.ts';

const DAY_MS = 86_400_000;
const MEMBERS_MAX = 64;
const STEPS_MAX = 1_000;
const CALLS_PER_SECOND_MAX = 2_000;

const number = v.pipe(
  v.string(),
  v.regex(/^[+*#\d]{1,32}$/, 'a telephone number: digits, and + * # where they belong'),
);
const milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(DAY_MS));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));

export const planSchema = v.strictObject({
  kind: v.picklist(callKinds),
  from: number,
  to: number,
  members: v.exactOptional(v.pipe(v.array(number), v.minLength(1), v.maxLength(MEMBERS_MAX))),
}) satisfies v.GenericSchema<CallPlan>;

const span = v.pipe(
  v.tuple([milliseconds, milliseconds]),
  v.check(([min, max]) => min <= max, 'the shortest comes first'),
);

export const trafficSchema = v.pipe(
  v.strictObject({
    callsPerSecond: v.pipe(v.number(), v.minValue(0), v.maxValue(CALLS_PER_SECOND_MAX)),
    mix: v.exactOptional(
      v.strictObject(v.entriesFromList(callKinds, v.exactOptional(v.pipe(v.number(), v.minValue(0))))),
    ),
    ringMs: v.exactOptional(span),
    talkMs: v.exactOptional(span),
    noAnswer: v.exactOptional(share),
    busy: v.exactOptional(share),
    abandoned: v.exactOptional(share),
    rejected: v.exactOptional(share),
    hold: v.exactOptional(share),
    transfer: v.exactOptional(share),
    recorded: v.exactOptional(share),
    pace: v.exactOptional(v.pipe(v.number(), v.minValue(0.01), v.maxValue(1_000))),
  }),
  v.check(
    ({ noAnswer = 0, busy = 0, abandoned = 0, rejected = 0 }) => noAnswer + busy + abandoned + rejected <= 1,
    'noAnswer, busy, abandoned and rejected add up to more than all calls',
  ),
) satisfies v.GenericSchema<TrafficModel>;

const lastingFaults = [
  v.strictObject({ kind: v.literal('drop'), how: v.picklist(['close', 'reset']) }),
  v.strictObject({ kind: v.literal('halfOpen'), acceptNone: v.exactOptional(v.boolean()) }),
  v.strictObject({ kind: v.literal('slowReader'), ms: milliseconds }),
  v.strictObject({ kind: v.literal('block'), ms: milliseconds }),
  v.strictObject({ kind: v.literal('refuseCredentials') }),
  v.strictObject({ kind: v.literal('expireTokens') }),
  v.strictObject({
    kind: v.literal('restart'),
    downMs: milliseconds,
    announce: v.exactOptional(v.boolean()),
  }),
  v.strictObject({
    kind: v.literal('frames'),
    lose: v.exactOptional(share),
    duplicate: v.exactOptional(share),
    delayMs: v.exactOptional(milliseconds),
    reorder: v.exactOptional(share),
  }),
  v.strictObject({ kind: v.literal('singleMember') }),
  v.strictObject({
    kind: v.literal('endings'),
    withoutDetails: v.exactOptional(share),
    withoutBye: v.exactOptional(share),
  }),
  v.strictObject({ kind: v.literal('loseHangups'), share }),
  v.strictObject({
    kind: v.literal('snapshot'),
    mode: v.picklist(['ok', 'failing', 'partial', 'slow']),
    ms: v.exactOptional(milliseconds),
  }),
  v.strictObject({
    kind: v.literal('malformed'),
    share: v.exactOptional(share),
    count: v.exactOptional(count),
    instead: v.exactOptional(v.boolean()),
  }),
  v.strictObject({ kind: v.literal('clockSkew'), ms: v.pipe(v.number(), v.integer()) }),
  v.strictObject({ kind: v.literal('replaceApplication'), quietly: v.exactOptional(v.boolean()) }),
  v.strictObject({ kind: v.literal('recordings'), how: v.picklist(recordingFaults) }),
  v.strictObject({ kind: v.literal('unavailable') }),
] as const;

const oneFault = v.variant('kind', lastingFaults);

const step = v.strictObject({
  afterMs: milliseconds,
  fault: v.union([v.literal('heal'), oneFault]),
}) satisfies v.GenericSchema<ScheduledFault>;

/** A schedule can't hold another: its steps are faults that happen. */
export const faultSchema = v.variant('kind', [
  ...lastingFaults,
  v.strictObject({ kind: v.literal('schedule'), steps: v.pipe(v.array(step), v.maxLength(STEPS_MAX)) }),
]) satisfies v.GenericSchema<Fault>;

/** What the body of an order to a call may say. */
export const orderSchemas = {
  ring: v.strictObject({}),
  answer: v.strictObject({ by: v.exactOptional(number) }),
  hold: v.strictObject({ by: number }),
  resume: v.strictObject({ by: number }),
  transfer: v.strictObject({ by: number, to: number, kind: v.picklist(['blind', 'attended']) }),
  pickup: v.strictObject({ by: number }),
  join: v.strictObject({ extension: number }),
  record: v.strictObject({}),
  hangUp: v.strictObject({ by: v.exactOptional(number), cause: v.exactOptional(v.picklist(endCauses)) }),
};

export const phoneSchema = v.strictObject({
  registered: v.exactOptional(v.boolean()),
  doNotDisturb: v.exactOptional(v.boolean()),
});
