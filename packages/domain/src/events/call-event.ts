import * as v from 'valibot';
import { callKeySchema, extensionNumberSchema } from '../ids.ts';
import { instantSchema } from '../instant.ts';
import { saidCauseSchema } from '../hangup-cause/hangup-cause.ts';
import { partySchema, routeSchema } from '../call/party.ts';

/** More legs than any real call has; a frame that lists more is broken. */
const extensionsMax = 64;

/** Longer than any call: a year. */
const talkSecondsMax = 366 * 24 * 3600;

/** What any word about a call may tell besides the call's status. */
export const callDetails = {
  call: callKeySchema,
  startedAt: v.optional(instantSchema),
  answeredAt: v.optional(instantSchema),
  caller: v.optional(partySchema),
  callee: v.optional(partySchema),
  route: v.optional(routeSchema),
  extensions: v.optional(v.pipe(v.array(extensionNumberSchema), v.maxLength(extensionsMax)), []),
};

const openCall = v.object({ ...callDetails, at: instantSchema });

const endedCall = v.object({
  ...callDetails,
  at: instantSchema,
  endedAt: v.optional(instantSchema),
  cause: v.optional(saidCauseSchema, 'unknown'),
  talkSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(talkSecondsMax))),
});

export const callEventSchemas = {
  'call.calling': openCall,
  'call.ringing': openCall,
  'call.connected': openCall,
  'call.held': openCall,
  'call.ended': endedCall,
} as const;
