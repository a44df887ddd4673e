import { callStatuses, directions, hangupCauses } from '@trunkline/domain';
import * as v from 'valibot';
import { cleanupRunShape } from './cleanup-runs.ts';
import { callerShape } from './contacts.ts';
import { count, id, instant, number, pageOf } from './common.ts';

const call = {
  pbx: id,
  pbxName: v.string(),
  tenant: id,
  call: v.pipe(v.string(), v.description("The PBX's own name for it, unique within the PBX.")),
  status: v.picklist(callStatuses),
  startedAt: instant,
  answeredAt: v.nullable(instant),
  answeredApproximate: v.pipe(
    v.boolean(),
    v.description('Only a snapshot told of the answer: it was some time before.'),
  ),
  endedAt: v.nullable(instant),
  cause: v.nullable(v.picklist(hangupCauses)),
  talkSeconds: v.nullable(v.number()),
  direction: v.nullable(v.picklist(directions)),
  trunk: v.nullable(v.string()),
  did: v.nullable(number),
  callerNumber: v.nullable(number),
  callerName: v.nullable(v.string()),
  calleeNumber: v.nullable(number),
  calleeName: v.nullable(v.string()),
  extensions: v.array(v.string()),
  verifiedAt: v.pipe(
    v.nullable(instant),
    v.description('When the PBX was last asked and said that it is alive.'),
  ),
  revision: count,
};

/** With whom its numbers belong to now. */
const namedCall = { ...call, callerContact: callerShape, calleeContact: callerShape };

export const callShape = v.object(namedCall);
export const callPageShape = pageOf(callShape);

export const callPartiesShape = v.object({
  items: v.array(
    v.object({ pbx: id, call: v.string(), callerContact: callerShape, calleeContact: callerShape }),
  ),
});

export const callCountShape = v.object({
  count,
  exact: v.pipe(v.boolean(), v.description('False: it is a guess of the database, to be shown as “about”.')),
});

export const callDetailShape = v.object({
  ...namedCall,
  trail: v.pipe(
    v.array(
      v.object({
        at: instant,
        type: v.string(),
        version: v.string(),
        payload: v.unknown(),
        traceparent: v.nullable(v.string()),
      }),
    ),
    v.description('What was said of it, word for word, in the order of the PBX.'),
  ),
  moreTrail: v.boolean(),
  cleanups: v.array(
    v.object({ ...cleanupRunShape.entries, outcome: v.string(), why: v.nullable(v.string()) }),
  ),
  recordings: v.array(
    v.object({ recording: v.string(), readyAt: instant, durationSeconds: v.nullable(v.number()) }),
  ),
});

export const callStatsShape = v.object({
  byStatus: v.record(v.string(), count),
  byCause: v.record(v.string(), count),
  stuck: v.array(
    v.object({ ...call, why: v.picklist(['answered_too_long', 'unanswered_too_long']), ageMs: v.number() }),
  ),
  stuckTotal: count,
  doubleBooked: v.array(v.object({ pbx: id, number: v.string(), calls: v.array(v.string()) })),
});

export const originatedShape = v.object({
  outcome: v.literal('done'),
  call: v.pipe(v.nullable(v.string()), v.description('What the PBX calls it, if it says so.')),
});

export const hungUpShape = v.object({
  outcome: v.pipe(v.picklist(['done', 'gone']), v.description('`gone`: the PBX had no such call any more.')),
});
