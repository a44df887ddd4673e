import * as v from 'valibot';
import { audited } from '../audited.ts';
import { time } from '../http/inputs.ts';
import { defineRoute } from '../http/route.ts';
import { deliveryWantedShape, enabledWebhookShape, webhookShape } from '../shapes/webhooks.ts';
import { shownWebhook, webhookParams } from './webhooks.ts';

export const enableWebhookRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhooks/{webhook}/enable',
  tag: 'Webhooks',
  summary: 'Sends to a webhook again, and tells it since when it may have missed changes',
  scope: 'ops:write',
  numbers: 'none',
  params: webhookParams,
  body: v.optional(
    v.strictObject({
      replaySince: v.optional(
        time('What failed or was discarded since then, and is still in the log, is delivered again.'),
      ),
    }),
    {},
  ),
  answers: { 200: { description: 'It is enabled.', schema: enabledWebhookShape } },
  problems: ['not-found'],
  async handle({ principal, params: { webhook }, body: { replaySince }, traceparent }, context) {
    const { tenant, user: by } = principal;
    await context.webhooks.readEndpoint(webhook, tenant);
    const details = { replaySince: replaySince?.toISOString() ?? null };
    const action = { principal, action: 'webhook.enable', target: webhook, details, traceparent };
    const { endpoint, replayed } = await audited(context, action, () =>
      context.webhooks.enableEndpoint(webhook, { tenant, by, replaySince }),
    );
    return { body: { ...shownWebhook(endpoint, principal), replayed } };
  },
});

export const disableWebhookRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhooks/{webhook}/disable',
  tag: 'Webhooks',
  summary: 'Sends nothing to a webhook any more',
  description: 'What was under way is discarded and stays in the log, so that it can be replayed.',
  scope: 'ops:write',
  numbers: 'none',
  params: webhookParams,
  answers: { 200: { description: 'It is disabled.', schema: webhookShape } },
  problems: ['not-found'],
  async handle({ principal, params: { webhook }, traceparent }, context) {
    const { tenant, user: by } = principal;
    await context.webhooks.readEndpoint(webhook, tenant);
    const action = { principal, action: 'webhook.disable', target: webhook, traceparent };
    const endpoint = await audited(context, action, () =>
      context.webhooks.disableEndpoint(webhook, { tenant, by }),
    );
    return { body: shownWebhook(endpoint, principal) };
  },
});

export const testWebhookRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhooks/{webhook}/test',
  tag: 'Webhooks',
  summary: 'Sends a webhook something that says nothing, to see whether it answers',
  description:
    'It is tried once, by a worker and also where the webhook is disabled; the answer says where to look how it went. 409 where several are under way.',
  scope: 'ops:write',
  params: webhookParams,
  answers: { 202: { description: 'It will be sent.', schema: deliveryWantedShape } },
  problems: ['not-found'],
  async handle({ principal, params: { webhook }, traceparent }, context) {
    const { tenant } = principal;
    await context.webhooks.readEndpoint(webhook, tenant);
    const action = { principal, action: 'webhook.test', target: webhook, traceparent };
    const delivery = await audited(context, action, () => context.webhooks.sendTest(webhook, tenant));
    const status = `/v1/webhooks/deliveries/${delivery}`;
    return { status: 202, headers: { location: status }, body: { delivery, status } };
  },
});
