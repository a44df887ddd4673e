import type { Asking } from '@trunkline/webhooks';
import type * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { audited, type AuditedAction } from '../audited.ts';
import type { RouteRequest } from '../http/route.ts';
import type { webhookParams } from './webhooks.ts';

type WebhookRequest = Pick<
  RouteRequest<v.InferOutput<typeof webhookParams>, unknown, unknown>,
  'params' | 'principal' | 'traceparent'
>;

/** Does something with a webhook of the tenant, and writes it down; one that is another's is as unknown as none. */
export async function withWebhook<Result>(
  { params: { webhook }, principal, traceparent }: WebhookRequest,
  context: ApiContext,
  action: Pick<AuditedAction, 'action' | 'details'>,
  work: (asking: Asking) => Promise<Result>,
): Promise<Result> {
  const { tenant, user: by } = principal;
  await context.webhooks.readEndpoint(webhook, tenant);
  return audited(context, { ...action, principal, target: webhook, traceparent }, () => work({ tenant, by }));
}
