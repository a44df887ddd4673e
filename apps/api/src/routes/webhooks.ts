import type { Principal } from '@trunkline/access';
import { redactJson } from '@trunkline/service-kit';
import type { WebhookEndpoint } from '@trunkline/webhooks';
import * as v from 'valibot';
import { uuid } from '../http/inputs.ts';
import { defineRoute } from '../http/route.ts';
import { webhookAuditShape, webhookListShape, webhookShape } from '../shapes/webhooks.ts';
import { notFound } from './own.ts';

export const webhookParams = v.strictObject({ webhook: uuid('The id of a webhook.') });

export const listWebhooksRoute = defineRoute({
  method: 'GET',
  path: '/v1/webhooks',
  tag: 'Webhooks',
  summary: 'Webhooks and how they stand, in the order in which they were added',
  scope: 'ops:read',
  numbers: 'none',
  answers: { 200: { description: 'All webhooks of the tenant.', schema: webhookListShape } },
  async handle({ principal }, { webhooks }) {
    const endpoints = await webhooks.listEndpoints(principal.tenant);
    return { body: { items: endpoints.map((endpoint) => shownWebhook(endpoint, principal)) } };
  },
});

export const readWebhookRoute = defineRoute({
  method: 'GET',
  path: '/v1/webhooks/{webhook}',
  tag: 'Webhooks',
  summary: 'One webhook and how it stands',
  scope: 'ops:read',
  numbers: 'none',
  params: webhookParams,
  answers: { 200: { description: 'The webhook.', schema: webhookShape } },
  problems: ['not-found'],
  handle: async ({ principal, params: { webhook } }, { webhooks }) => ({
    body: shownWebhook(await webhooks.readEndpoint(webhook, principal.tenant), principal),
  }),
});

export const webhookAuditRoute = defineRoute({
  method: 'GET',
  path: '/v1/webhooks/{webhook}/audit',
  tag: 'Webhooks',
  summary: 'What was done with a webhook, newest first; also by the system, and also when it is removed',
  scope: 'ops:read',
  params: webhookParams,
  answers: { 200: { description: 'The last hundred entries.', schema: webhookAuditShape } },
  problems: ['not-found'],
  async handle({ principal, params: { webhook } }, { webhooks }) {
    const items = await webhooks.readAudit(webhook, principal.tenant);
    // Its being added is an entry, so one that has none never was.
    if (items.length === 0) throw notFound(`There is no webhook ${webhook}`);
    return { body: { items } };
  },
});

/**
 * Its address is shown as it is, since a part of it that was masked would be stored with the next change. What people and
 * receivers have written is masked as everywhere.
 */
export function shownWebhook(endpoint: WebhookEndpoint, { scopes }: Principal): WebhookEndpoint {
  if (scopes.has('numbers:read')) return endpoint;
  const { description, lastError } = endpoint;
  const masked = redactJson({ description, lastError }) as Pick<WebhookEndpoint, 'description' | 'lastError'>;
  return { ...endpoint, ...masked };
}
