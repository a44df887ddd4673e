import type { Principal } from '@trunkline/access';
import { listLinks } from '@trunkline/database';
import { webhookBounds, webhookTypes } from '@trunkline/webhooks';
import * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import { audited } from '../audited.ts';
import { pbxParam, words } from '../http/inputs.ts';
import { Problem } from '../http/problem.ts';
import { defineRoute } from '../http/route.ts';
import {
  addedWebhookShape,
  removedWebhookShape,
  rotatedSecretShape,
  webhookShape,
} from '../shapes/webhooks.ts';
import { notFound, readOwn } from './own.ts';
import { shownWebhook, webhookParams } from './webhooks.ts';
import { withWebhook } from './with-webhook.ts';

const { descriptionLengthMax, parallelDefault, parallelMax, pbxsMax, urlLengthMax } = webhookBounds;

const url = v.pipe(
  words(urlLengthMax, 'Where changes are posted: https, and an address of the public internet.'),
  v.url('must be a URL such as https://example.com/hook'),
);

const wishes = {
  description: v.exactOptional(v.nullable(words(descriptionLengthMax, 'For people.'))),
  types: v.exactOptional(
    v.pipe(
      v.nullable(
        v.pipe(
          v.array(v.picklist(webhookTypes, `must be one of ${webhookTypes.join(', ')}`)),
          v.minLength(1, 'must name one at least'),
          v.maxLength(webhookTypes.length, `must name ${webhookTypes.length} at most`),
        ),
      ),
      v.description('What it asks for; null for all.'),
    ),
  ),
  pbxs: v.exactOptional(
    v.pipe(
      v.nullable(
        v.pipe(
          v.array(pbxParam),
          v.minLength(1, 'must name one at least'),
          v.maxLength(pbxsMax, `must name ${pbxsMax} at most`),
        ),
      ),
      v.description('Whose changes; null for those of all PBXs.'),
    ),
  ),
  parallel: v.exactOptional(
    v.pipe(
      v.number(),
      v.integer('must be a whole number'),
      v.minValue(1, 'must be at least 1'),
      v.maxValue(parallelMax, `must be at most ${parallelMax}`),
      v.description(`Deliveries under way at once; ${parallelDefault} unless given.`),
    ),
  ),
};

export const addWebhookRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhooks',
  tag: 'Webhooks',
  summary: 'Adds a webhook, and shows its secret this once',
  description: `A tenant may have ${webhookBounds.endpointsPerTenantMax}; beyond that the answer is 409.`,
  scope: 'ops:write',
  numbers: 'none',
  showsSecret: true,
  body: v.strictObject({ url, ...wishes }),
  answers: {
    201: { description: 'It is added, and told what changes from now on.', schema: addedWebhookShape },
  },
  problems: ['not-found'],
  async handle({ principal, body, traceparent }, context) {
    const { tenant, user } = principal;
    refuseWithoutKey(context);
    await refuseUnknownPbxs(context, principal, body.pbxs);
    const details = { fields: Object.keys(body) };
    const action = { principal, action: 'webhook.add', target: hostOf(body.url), details, traceparent };
    const { endpoint, secret } = await audited(context, action, () =>
      context.webhooks.addEndpoint({ ...body, tenant }, user),
    );
    return {
      status: 201,
      headers: { location: `/v1/webhooks/${endpoint.id}` },
      body: { ...shownWebhook(endpoint, principal), secret },
    };
  },
});

export const changeWebhookRoute = defineRoute({
  method: 'PATCH',
  path: '/v1/webhooks/{webhook}',
  tag: 'Webhooks',
  summary: 'Changes where a webhook goes and what it asks for; what is left out stays as it is',
  scope: 'ops:write',
  numbers: 'none',
  params: webhookParams,
  body: v.pipe(
    v.strictObject({ url: v.exactOptional(url), ...wishes }),
    v.check((body) => Object.keys(body).length > 0, 'names nothing that should change'),
  ),
  answers: { 200: { description: 'It is changed.', schema: webhookShape } },
  problems: ['not-found'],
  async handle(request, context) {
    const { principal, params, body } = request;
    await refuseUnknownPbxs(context, principal, body.pbxs);
    const host = body.url === undefined ? null : hostOf(body.url);
    const action = { action: 'webhook.change', details: { fields: Object.keys(body), host } };
    const endpoint = await withWebhook(request, context, action, (asking) =>
      context.webhooks.updateEndpoint(params.webhook, body, asking),
    );
    return { body: shownWebhook(endpoint, principal) };
  },
});

export const rotateWebhookSecretRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhooks/{webhook}/rotate-secret',
  tag: 'Webhooks',
  summary: 'Gives a webhook a new secret, and shows it this once',
  description: 'The old one verifies beside it for 24 hours.',
  scope: 'ops:write',
  numbers: 'none',
  showsSecret: true,
  params: webhookParams,
  answers: { 200: { description: 'It signs with both from now on.', schema: rotatedSecretShape } },
  problems: ['not-found'],
  async handle(request, context) {
    const { webhook: id } = request.params;
    refuseWithoutKey(context);
    const secret = await withWebhook(request, context, { action: 'webhook.rotate-secret' }, (asking) =>
      context.webhooks.rotateSecret(id, asking),
    );
    return { body: { id, secret } };
  },
});

export const removeWebhookRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/webhooks/{webhook}',
  tag: 'Webhooks',
  summary: 'Removes a webhook, and its deliveries with it',
  scope: 'ops:write',
  params: webhookParams,
  answers: { 200: { description: 'It is removed.', schema: removedWebhookShape } },
  problems: ['not-found'],
  async handle(request, context) {
    const { webhook: id } = request.params;
    await withWebhook(request, context, { action: 'webhook.remove' }, (asking) =>
      context.webhooks.removeEndpoint(id, asking),
    );
    return { body: { id, removed: true } };
  },
});

function refuseWithoutKey({ webhookKeys }: ApiContext): void {
  if (webhookKeys === undefined)
    throw new Problem(
      'unavailable',
      'TRUNKLINE_WEBHOOK_KEY is not set for the API, and without it no secret can be kept. Set it to the same value as for the webhook-worker',
      { more: { reason: 'no-key' } },
    );
}

async function refuseUnknownPbxs(
  context: ApiContext,
  principal: Principal,
  pbxs: readonly string[] | null | undefined,
): Promise<void> {
  if (pbxs === null || pbxs === undefined) return;
  const links = await readOwn(context, principal, (tx) => listLinks(tx, { tenant: principal.tenant }));
  const known = new Set<string>(links.map(({ pbx }) => pbx));
  const unknown = pbxs.find((pbx) => !known.has(pbx));
  if (unknown !== undefined) throw notFound(`There is no PBX ${unknown}; GET /v1/pbxs lists those there are`);
}

/** Its path may hold a secret of the receiver, so the audit names the host only. */
const hostOf = (address: string): string => URL.parse(address)?.host ?? '?';
