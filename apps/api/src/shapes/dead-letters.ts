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
export const resolvedLetterShape = v.object({ id, state: v.picklist(['replayed', 'dropped']) });
