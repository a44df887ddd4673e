import * as v from 'valibot';
import { id, instant, pageOf } from './common.ts';

export const auditPageShape = pageOf(
  v.object({
    id,
    tenant: id,
    actor: v.string(),
    action: v.string(),
    target: v.nullable(v.string()),
    details: v.unknown(),
    outcome: v.pipe(
      v.picklist(['begun', 'done', 'refused', 'failed', 'unknown']),
      v.description('`begun`: its end is not known (yet). `unknown`: it may have been done or not.'),
    ),
    problem: v.nullable(v.string()),
    traceparent: v.nullable(v.string()),
    at: instant,
    finishedAt: v.nullable(instant),
  }),
);

export const revokedShape = v.object({ revoked: v.literal(true) });
