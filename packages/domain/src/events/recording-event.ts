import * as v from 'valibot';
import { callKeySchema, recordingKeySchema } from '../ids.ts';
import { instantSchema } from '../instant.ts';

const durationSecondsMax = 7 * 24 * 3600;

export const recordingEventSchemas = {
  'recording.ready': v.object({
    recording: recordingKeySchema,
    at: instantSchema,
    call: v.optional(callKeySchema),
    durationSeconds: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(durationSecondsMax)),
    ),
  }),
} as const;
