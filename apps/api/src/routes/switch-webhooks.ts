import * as v from 'valibot';
import { time } from '../http/inputs.ts';
import { defineRoute } from '../http/route.ts';
import { deliveryWantedShape, enabledWebhookShape, webhookShape } from '../shapes/webhooks.ts';
import { shownWebhook, webhookParams } from './webhooks.ts';
import { withWebhook } from './with-webhook.ts';

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
  async handle(request, context) {
    const { replaySince } = request.body;
    const details = { replaySince: replaySince?.toISOString() ?? null };
    const { endpoint, replayed } = await withWebhook(
      request,
      context,
      { action: 'webhook.enable', details },
      (asking) => context.webhooks.enableEndpoint(request.params.webhook, { ...asking, replaySince }),
    );
    return { body: { ...shownWebhook(endpoint, request.principal), replayed } };
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
  async handle(request, context) {
    const endpoint = await withWebhook(request, context, { action: 'webhook.disable' }, (asking) =>
      context.webhooks.disableEndpoint(request.params.webhook, asking),
    );
    return { body: shownWebhook(endpoint, request.principal) };
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
  async handle(request, context) {
    const delivery = await withWebhook(request, context, { action: 'webhook.test' }, ({ tenant }) =>
      context.webhooks.sendTest(request.params.webhook, tenant),
    );
    const status = `/v1/webhooks/deliveries/${delivery}`;
    return { status: 202, headers: { location: status }, body: { delivery, status } };
  },
});
