import { sweepOutcomes } from '@trunkline/database';
import { openCallStatuses } from '@trunkline/domain';
import * as v from 'valibot';

const instant = v.number();

/** One call of a report: what it is, why it was looked at, what the PBX said, and what became of it. */
export const sweptCallSchema = v.object({
  tenant: v.string(),
  pbx: v.string(),
  call: v.string(),
  was: v.picklist(openCallStatuses),
  startedAt: instant,
  answeredAt: v.nullable(instant),
  verifiedAt: v.nullable(instant),
  seenAt: instant,
  extensions: v.array(v.string()),
  why: v.picklist(['answered_too_long', 'unanswered_too_long', 'double_booked', 'spoke_again']),
  /** Null where the PBX was not asked. */
  liveness: v.nullable(v.picklist(['gone', 'alive', 'unknown'])),
  /** `would_end` in a dry run, which ends nothing. */
  outcome: v.picklist([...sweepOutcomes, 'would_end']),
  /** Why the PBX could not be asked, or what failed. */
  detail: v.nullable(v.string()),
});

export type SweptCall = v.InferOutput<typeof sweptCallSchema>;
export type SweptOutcome = SweptCall['outcome'];

const count = v.number();

export const sweepReportSchema = v.object({
  sweep: v.string(),
  /** `busy`: another sweep was under way, so nothing was done. `overtaken`: another one took over before the end. */
  state: v.picklist(['done', 'busy', 'overtaken']),
  dryRun: v.boolean(),
  verify: v.boolean(),
  counts: v.object({
    found: count,
    ended: count,
    would_end: count,
    alive: count,
    unknown: count,
    failed: count,
    overtaken: count,
    reopened: count,
  }),
  /** Pieces of work that failed as a whole; the next sweep finds their calls again. */
  failedBatches: count,
  calls: v.array(sweptCallSchema),
  /** Calls that are counted and not listed, because a report is bounded. */
  callsOmitted: count,
  /** There were more suspects than one sweep takes; the next one goes on. */
  more: v.boolean(),
});

export type SweepReport = v.InferOutput<typeof sweepReportSchema>;
export type SweepCounts = SweepReport['counts'];

/** A report travels through Redis in one piece. */
export const reportedCallsMax = 1_000;

export function countCalls(calls: Iterable<Pick<SweptCall, 'outcome'>>): SweepCounts {
  const counts = {
    found: 0,
    ended: 0,
    would_end: 0,
    alive: 0,
    unknown: 0,
    failed: 0,
    overtaken: 0,
    reopened: 0,
  };
  for (const { outcome } of calls) {
    counts[outcome] += 1;
    if (outcome !== 'reopened') counts.found += 1;
  }
  return counts;
}

type Told = Pick<SweepReport, 'sweep' | 'state' | 'dryRun' | 'verify'> & {
  readonly failedBatches?: number;
  readonly more?: boolean;
};

export const reportOf = (told: Told, calls: readonly SweptCall[]): SweepReport => ({
  failedBatches: 0,
  more: false,
  ...told,
  counts: countCalls(calls),
  calls: calls.slice(0, reportedCallsMax),
  callsOmitted: Math.max(0, calls.length - reportedCallsMax),
});
