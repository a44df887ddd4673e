import { deliveryStatuses } from '@trunkline/webhooks';
import * as v from 'valibot';
import { count, id, instant, pageOf } from './common.ts';

const about = (description: string) => v.pipe(v.nullable(instant), v.description(description));

export const webhookShape = v.object({
  id,
  tenant: id,
  url: v.string(),
  description: v.nullable(v.string()),
  types: v.pipe(v.nullable(v.array(v.string())), v.description('What it asks for; null for all.')),
  pbxs: v.pipe(v.nullable(v.array(id)), v.description('Whose changes; null for those of all PBXs.')),
  parallel: v.pipe(count, v.description('Deliveries under way at once.')),
  state: v.picklist(['enabled', 'disabled']),
  stateReason: v.pipe(
    v.nullable(v.picklist(['failing', 'gone', 'asked'])),
    v.description('Why it is disabled: it failed for too long, it answered 410, or somebody wanted it.'),
  ),
  stateSince: instant,
  failingSince: about('Since when nothing succeeds.'),
  failures: v.pipe(count, v.description('Attempts that failed since the last success.')),
  lastSuccessAt: v.nullable(instant),
  lastFailureAt: v.nullable(instant),
  lastError: v.nullable(v.string()),
  gapSince: about('Since when it may have missed changes, where it was not told of that yet.'),
  gapMissed: count,
  backlog: v.pipe(count, v.description('Deliveries that wait, are under way or are retried.')),
  createdAt: instant,
  revision: count,
});

const secret = v.pipe(
  v.string(),
  v.description(
    'What its receiver verifies signatures with. Not shown again, but for this request repeated with its Idempotency-Key.',
  ),
);

export const webhookListShape = v.object({ items: v.array(webhookShape) });
export const addedWebhookShape = v.object({ ...webhookShape.entries, secret });
export const rotatedSecretShape = v.object({ id, secret });
export const removedWebhookShape = v.object({ id, removed: v.literal(true) });
export const enabledWebhookShape = v.object({
  ...webhookShape.entries,
  replayed: v.pipe(count, v.description('So many deliveries are made again.')),
});

const deliveryShape = v.object({
  id,
  tenant: id,
  endpoint: id,
  type: v.string(),
  status: v.pipe(
    v.picklist(deliveryStatuses),
    v.description('`failed`: given up. `discarded`: its webhook was disabled.'),
  ),
  round: v.pipe(count, v.description('One more each time it is delivered again.')),
  attempts: count,
  createdAt: instant,
  nextAttemptAt: v.nullable(instant),
  finishedAt: v.nullable(instant),
  httpStatus: v.pipe(v.nullable(count), v.description('Of the last attempt.')),
  error: v.nullable(v.string()),
});

export const deliveryPageShape = pageOf(deliveryShape);

export const deliveryDetailShape = v.object({
  ...deliveryShape.entries,
  body: v.pipe(
    v.string(),
    v.description('As it is sent; phone numbers in it are masked without the scope `numbers:read`.'),
  ),
  attemptsMade: v.array(
    v.object({
      round: count,
      number: count,
      at: instant,
      durationMs: count,
      outcome: v.picklist(['delivered', 'failed']),
      httpStatus: v.nullable(count),
      error: v.nullable(v.string()),
      response: v.pipe(
        v.nullable(v.string()),
        v.description(
          'The beginning of what came back. Always null without the scope `numbers:read`: the receiver may repeat numbers in a form that nobody knows.',
        ),
      ),
    }),
  ),
});

export const deliveryWantedShape = v.object({
  delivery: id,
  status: v.pipe(v.string(), v.description('Where to look what becomes of it.')),
});

export const webhookAuditShape = v.object({
  items: v.array(
    v.object({
      at: instant,
      action: v.picklist(['added', 'changed', 'secret_rotated', 'enabled', 'disabled', 'removed']),
      by: v.string(),
      detail: v.nullable(v.string()),
    }),
  ),
});
