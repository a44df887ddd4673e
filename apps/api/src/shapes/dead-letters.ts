import { deadLetterStates } from '@trunkline/database';
import * as v from 'valibot';
import { count, id, instant, pageOf } from './common.ts';

const letter = {
  id,
  group: v.string(),
  shard: count,
  entryId: v.string(),
  source: v.pipe(v.nullable(v.string()), v.description('The PBX it speaks of, where that could be read.')),
  pbxName: v.nullable(v.string()),
  epoch: v.nullable(v.number()),
  seq: v.nullable(v.number()),
  type: v.nullable(v.string()),
  error: v.string(),
  attempts: count,
  state: v.picklist(deadLetterStates),
  failedAt: instant,
  resolvedAt: v.nullable(instant),
  resolvedBy: v.nullable(v.string()),
};

export const deadLetterPageShape = pageOf(v.object(letter));
export const deadLetterDetailShape = v.object({
  ...letter,
  payload: v.string(),
  traceparent: v.nullable(v.string()),
});
export const deadLetterGroupsShape = v.object({
  items: v.array(
    v.object({
      error: v.pipe(v.string(), v.description('The first line; give it as `error` for its letters.')),
      group: v.string(),
      type: v.nullable(v.string()),
      count,
      pbxs: count,
      oldestAt: instant,
      newestAt: instant,
    }),
  ),
  total: count,
  countedAt: v.pipe(instant, v.description('For which moment it holds; `failedBy` of what follows.')),
});

export const resolvedLettersShape = v.object({
  results: v.array(
    v.object({
      id,
      outcome: v.picklist(['replayed', 'dropped', 'conflict', 'failed', 'unreadable', 'gone']),
      problem: v.nullable(v.string()),
    }),
  ),
  left: v.pipe(
    count,
    v.description('So many that match are still parked, those that failed again among them.'),
  ),
  next: v.pipe(
    v.nullable(v.string()),
    v.description('Where there are more than one request takes: send it again with this as `after`.'),
  ),
});

export const resolvedLetterShape = v.object({ id, state: v.picklist(['replayed', 'dropped']) });
