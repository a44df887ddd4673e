import { openCallStatuses } from '@trunkline/domain';
import * as v from 'valibot';
import { count, id, instant } from './common.ts';

export const sweepStartedShape = v.object({
  id,
  status: v.pipe(v.string(), v.description('Where to look how it goes.')),
});

const requestShape = v.object({
  dryRun: v.boolean(),
  verify: v.boolean(),
  by: v.string(),
  pbx: v.nullable(id),
  extension: v.nullable(v.string()),
  calls: v.pipe(v.nullable(count), v.description('So many were named one by one.')),
  timeoutMinutes: v.nullable(v.number()),
});

const reportShape = v.object({
  state: v.pipe(
    v.picklist(['done', 'busy', 'overtaken']),
    v.description('`busy`: another sweep was under way, so nothing was done.'),
  ),
  dryRun: v.boolean(),
  verify: v.boolean(),
  counts: v.record(v.string(), count),
  failedBatches: count,
  calls: v.array(
    v.object({
      pbx: id,
      call: v.string(),
      was: v.picklist(openCallStatuses),
      startedAt: instant,
      answeredAt: v.nullable(instant),
      verifiedAt: v.nullable(instant),
      seenAt: instant,
      extensions: v.array(v.string()),
      why: v.string(),
      liveness: v.nullable(v.picklist(['gone', 'alive', 'unknown'])),
      outcome: v.string(),
      detail: v.nullable(v.string()),
      unknownTimes: v.pipe(
        v.nullable(count),
        v.description(
          'How often in a row the PBX was asked about it and did not answer; null where it did, and in lists of sweeps.',
        ),
      ),
    }),
  ),
  callsOmitted: count,
  more: v.pipe(v.boolean(), v.description('There are more stuck calls than one sweep takes on.')),
});

export const sweepShape = v.object({
  id,
  stage: v.picklist(['waiting', 'planning', 'sweeping', 'done', 'failed']),
  request: requestShape,
  found: v.nullable(count),
  batches: count,
  batchesDone: count,
  report: v.nullable(reportShape),
  problem: v.nullable(v.string()),
});

export const sweepListShape = v.object({
  items: v.array(
    v.object({
      id,
      request: requestShape,
      finishedAt: instant,
      report: v.nullable(reportShape),
      problem: v.nullable(v.string()),
    }),
  ),
});

export const scheduleShape = v.object({
  scheduled: v.pipe(v.boolean(), v.description('False where no stuck-call worker has run.')),
  everyMs: v.nullable(v.number()),
  cron: v.nullable(v.string()),
  nextAt: v.nullable(instant),
  verify: v.nullable(v.boolean()),
  lastAt: v.pipe(v.nullable(instant), v.description('When the last one that was made by itself was over.')),
  lastFailed: v.nullable(v.boolean()),
  skippedAt: v.pipe(
    v.nullable(instant),
    v.description('When one was left out last because another was under way.'),
  ),
});
