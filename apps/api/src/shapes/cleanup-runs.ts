import { cleanupRunKinds } from '@trunkline/database';
import * as v from 'valibot';
import { count, id, instant, pageOf } from './common.ts';

export const cleanupRunShape = v.object({
  id,
  tenant: id,
  pbx: v.nullable(id),
  pbxName: v.nullable(v.string()),
  kind: v.picklist(cleanupRunKinds),
  cause: v.nullable(v.string()),
  reason: v.nullable(v.string()),
  counts: v.record(v.string(), count),
  happenedAt: v.nullable(instant),
  dueAt: v.pipe(v.nullable(instant), v.description('When a grace period ends that is being waited for.')),
  spared: v.pipe(v.boolean(), v.description('The link was back in time, so that nothing had to be done.')),
  startedAt: instant,
  finishedAt: v.nullable(instant),
});

export const cleanupRunPageShape = pageOf(cleanupRunShape);

export const cleanupRunDetailShape = v.object({
  ...cleanupRunShape.entries,
  changes: v.pipe(
    v.array(
      v.object({
        kind: v.picklist(['call', 'phone']),
        key: v.string(),
        was: v.string(),
        became: v.string(),
        since: v.pipe(v.nullable(v.string()), v.description('What the PBX has said of it since.')),
      }),
    ),
    v.description('What a cleanup changed, up to 500 calls and as many phones; empty for a sweep.'),
  ),
  revived: v.pipe(count, v.description('Of those calls, so many are called alive by the PBX again.')),
  calls: v.array(
    v.object({
      pbx: id,
      call: v.string(),
      why: v.string(),
      liveness: v.nullable(v.picklist(['gone', 'alive', 'unknown'])),
      outcome: v.string(),
      detail: v.nullable(v.string()),
      at: instant,
    }),
  ),
  moreCalls: v.boolean(),
});
