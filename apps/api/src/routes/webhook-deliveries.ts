import type { Principal } from '@trunkline/access';
import { deliveryStatuses, gapType, testType, webhookTypes, type DeliveryDetail } from '@trunkline/webhooks';
import * as v from 'valibot';
import { audited } from '../audited.ts';
import { paging, time, uuid } from '../http/inputs.ts';
import { maskedText } from '../http/masked-text.ts';
import { defineRoute } from '../http/route.ts';
import { deliveryDetailShape, deliveryPageShape, deliveryWantedShape } from '../shapes/webhooks.ts';
import { webhookParams } from './webhooks.ts';

const deliveryTypes = [...webhookTypes, gapType, testType] as const;

export const listDeliveriesRoute = defineRoute({
  method: 'GET',
  path: '/v1/webhooks/{webhook}/deliveries',
  tag: 'Webhooks',
  summary: 'What was or will be delivered to a webhook, newest first',
  scope: 'ops:read',
  params: webhookParams,
  query: v.strictObject({
    status: v.optional(v.pipe(v.picklist(deliveryStatuses), v.description('`failed` ones were given up.'))),
    type: v.optional(v.pipe(v.picklist(deliveryTypes), v.description('What it tells of.'))),
    from: v.optional(time('Made then or later.')),
    ...paging,
  }),
  answers: { 200: { description: 'A page of deliveries.', schema: deliveryPageShape } },
  problems: ['not-found'],
  async handle({ principal: { tenant }, params, query: { limit, after, from, ...filter } }, { webhooks }) {
    const { id: endpoint } = await webhooks.readEndpoint(params.webhook, tenant);
    const wanted = { ...filter, tenant, endpoint, since: from };
    return { body: await webhooks.listDeliveries(wanted, { limit, after }) };
  },
});

const deliveryParams = v.strictObject({ delivery: uuid('The id of a delivery.') });

export const readDeliveryRoute = defineRoute({
  method: 'GET',
  path: '/v1/webhooks/deliveries/{delivery}',
  tag: 'Webhooks',
  summary: 'One delivery with its body and its attempts, the first one first',
  scope: 'ops:read',
  params: deliveryParams,
  answers: { 200: { description: 'The delivery.', schema: deliveryDetailShape } },
  problems: ['not-found'],
  handle: async ({ principal, params: { delivery } }, { webhooks }) => ({
    body: withMaskedTexts(await webhooks.readDelivery(delivery, principal.tenant), principal),
  }),
});

/** What a receiver answers may repeat numbers in any form, and is cut off, so that nobody can mask it. */
function withMaskedTexts(delivery: DeliveryDetail, principal: Principal): DeliveryDetail {
  if (principal.scopes.has('numbers:read')) return delivery;
  const attemptsMade = delivery.attemptsMade.map((attempt) => ({ ...attempt, response: null }));
  return { ...delivery, body: maskedText(delivery.body, principal), attemptsMade };
}

export const redeliverRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhooks/deliveries/{delivery}/redeliver',
  tag: 'Webhooks',
  summary: 'Delivers once more what is finished, however it ended, under the same id',
  description: '422 where it is still being tried, where its webhook is disabled, and for tests.',
  scope: 'ops:write',
  params: deliveryParams,
  answers: { 202: { description: 'It will be delivered again.', schema: deliveryWantedShape } },
  problems: ['not-found'],
  async handle({ principal, params: { delivery }, traceparent }, context) {
    const { tenant } = principal;
    const { endpoint } = await context.webhooks.readDelivery(delivery, tenant);
    const details = { webhook: endpoint };
    const action = { principal, action: 'webhook.redeliver', target: delivery, details, traceparent };
    await audited(context, action, () => context.webhooks.redeliver(delivery, tenant));
    return { status: 202, body: { delivery, status: `/v1/webhooks/deliveries/${delivery}` } };
  },
});
