import type { CallPlace } from '@trunkline/database';
import * as v from 'valibot';
import { sweptCallSchema } from './sweep-report.ts';
import { sweepRequestSchema } from './sweep-request.ts';

/** Where the jobs are. One hash tag for all of its keys, so that a sweep and its batches lie on one node of a cluster. */
export const sweepQueue = (prefix: string): { readonly name: string; readonly prefix: string } => ({
  name: 'stuck-calls',
  prefix: `${prefix}:{stuck-calls}`,
});

/** The one entry of the schedule. */
export const scheduleId = 'sweep';

/** How long finished jobs can be looked at. */
export const finishedKept = { age: 7 * 24 * 3600, count: 300 } as const;

const place = v.pipe(
  v.object({ pbx: v.string(), call: v.string() }),
  v.transform((place) => place as CallPlace),
);
const range = v.object({ after: v.optional(place), through: v.optional(place) });
const limits = v.object({ answeredMs: v.number(), unansweredMs: v.number(), unknownMs: v.number() });

/** What a sweep has fixed once it has begun, so that whoever goes on with it after a crash does the same. */
const begun = v.object({
  sweep: v.string(),
  limits,
  ranges: v.array(range),
  found: v.number(),
  more: v.boolean(),
  reopened: v.array(sweptCallSchema),
});

export type BegunSweep = v.InferOutput<typeof begun>;

export const sweepJobSchema = v.object({ request: sweepRequestSchema, begun: v.optional(begun) });
export type SweepJob = v.InferOutput<typeof sweepJobSchema>;

export const batchJobSchema = v.object({ sweep: v.string(), request: sweepRequestSchema, limits, range });
export type BatchJob = v.InferOutput<typeof batchJobSchema>;

export const batchResultSchema = v.object({ calls: v.array(sweptCallSchema) });
export type BatchResult = v.InferOutput<typeof batchResultSchema>;

/** What a sweep tells while it is under way. */
export const sweepProgressSchema = v.object({ found: v.number(), batches: v.number() });
