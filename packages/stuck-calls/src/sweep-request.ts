import {
  stuckCallLimitBounds,
  type ExtensionNumber,
  type PbxId,
  type StuckCallLimits,
  type TenantId,
} from '@trunkline/domain';
import type { CallPlace } from '@trunkline/database';
import * as v from 'valibot';

const { minMs, maxMs } = stuckCallLimitBounds;
const limit = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(minMs, `a limit is at least ${minMs / 60_000} minute: shorter would end ordinary calls`),
  v.maxValue(maxMs, `a limit is at most ${maxMs / 86_400_000} days: longer would never end anything`),
);
const uuid = v.pipe(v.string(), v.uuid());

/** So many calls may be named one by one: more than a report lists nobody has seen. */
export const chosenCallsMax = 500;

/** What is wanted of a sweep. Times are milliseconds; what is left out is as the worker is set. */
export const sweepRequestSchema = v.strictObject({
  /** Changes nothing, and tells what it would do. */
  dryRun: v.boolean(),
  /** Asks the PBX before a call is ended. Without it the time alone decides. */
  verify: v.boolean(),
  /** Who wants it: it stands in the run that the sweep leaves behind. */
  by: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  tenant: v.optional(uuid),
  pbx: v.optional(uuid),
  extension: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
  /** These and no others, such as those that a dry run has shown. They must be stuck still. */
  calls: v.optional(
    v.pipe(
      v.array(v.strictObject({ pbx: uuid, call: v.pipe(v.string(), v.minLength(1), v.maxLength(256)) })),
      v.minLength(1),
      v.maxLength(chosenCallsMax),
    ),
  ),
  answeredMs: v.optional(limit),
  unansweredMs: v.optional(limit),
  unknownMs: v.optional(limit),
});

export type SweepRequest = v.InferOutput<typeof sweepRequestSchema>;

/** The limits of a sweep: those that were asked for, else those that are set. */
export const limitsOf = (request: SweepRequest, set: StuckCallLimits): StuckCallLimits => ({
  answeredMs: request.answeredMs ?? set.answeredMs,
  unansweredMs: request.unansweredMs ?? set.unansweredMs,
  unknownMs: request.unknownMs ?? set.unknownMs,
});

/** The request as a search of the database. */
export const searchOf = (
  { verify, tenant, pbx, extension, calls }: SweepRequest,
  limits: StuckCallLimits,
) => ({
  limits,
  byTimeAlone: !verify,
  tenant: tenant as TenantId | undefined,
  pbx: pbx as PbxId | undefined,
  extension: extension as ExtensionNumber | undefined,
  calls: calls as readonly CallPlace[] | undefined,
});
