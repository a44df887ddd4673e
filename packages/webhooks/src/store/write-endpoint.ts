import { randomUUID } from 'node:crypto';
import type { OutboxMessage, Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { checkWishes, type EndpointWishes } from '../endpoint-wishes.ts';
import type { TargetPolicy } from '../target/target-policy.ts';
import { webhookBounds } from '../webhook-bounds.ts';
import { WebhookError } from '../webhook-error.ts';
import type { WebhookKeys } from '../webhook-keys.ts';
import { writeWebhookAudit } from './audit.ts';
import { lockEndpoint, readEndpoint, type WebhookEndpoint } from './endpoint.ts';
import { postRemoval, postUpdate } from './post-update.ts';
import { addSecret } from './secrets.ts';

export interface NewEndpoint extends EndpointWishes {
  readonly tenant: TenantId;
  readonly url: string;
}

export interface Written<Result> {
  readonly result: Result;
  /** To be relayed after the commit. */
  readonly messages: readonly OutboxMessage[];
}

export interface AddedEndpoint {
  readonly endpoint: WebhookEndpoint;
  /** Shown this once and never again. */
  readonly secret: string;
}

export async function insertEndpoint(
  transaction: Transaction,
  wishes: NewEndpoint,
  { policy, keys, by }: { readonly policy: TargetPolicy; readonly keys: WebhookKeys; readonly by: string },
): Promise<Written<AddedEndpoint>> {
  const { tenant, url, description = null, types = null, pbxs = null } = wishes;
  await checkWishes(transaction, tenant, wishes, policy);
  await checkRoom(transaction, tenant);
  const id = randomUUID();
  await transaction.query(
    `insert into webhook_endpoint (id, tenant_id, url, description, types, pbx_ids, parallel)
     values ($1, $2, $3, $4, $5::text[], $6::uuid[], $7)`,
    [id, tenant, url, description, types, pbxs, wishes.parallel ?? webhookBounds.parallelDefault],
  );
  const secret = await addSecret(transaction, id, keys);
  await writeWebhookAudit(transaction, { tenant, endpoint: id, action: 'added', by, detail: hostIn(url) });
  const messages = await postUpdate(transaction, id);
  return { result: { endpoint: await readEndpoint(transaction, id), secret }, messages };
}

/** The tenant's row keeps two from counting at the same time. */
async function checkRoom(transaction: Transaction, tenant: TenantId): Promise<void> {
  const locked = await transaction.query('select from tenant where id = $1 for no key update', [tenant]);
  if (locked.length === 0) throw new WebhookError('unknown', `There is no tenant ${tenant}.`);
  const [row] = await transaction.query<{ readonly count: number }>(
    'select count(*)::integer as count from webhook_endpoint where tenant_id = $1',
    [tenant],
  );
  const { endpointsPerTenantMax } = webhookBounds;
  if ((row?.count ?? 0) >= endpointsPerTenantMax)
    throw new WebhookError(
      'limit',
      `A tenant may have ${endpointsPerTenantMax} webhooks; remove one that nobody needs.`,
    );
}

export interface EndpointAddress {
  readonly id: string;
  readonly tenant: TenantId | undefined;
  readonly by: string;
}

/** What is not wished stays as it is. */
export async function changeEndpoint(
  transaction: Transaction,
  { id, tenant, by }: EndpointAddress,
  wishes: EndpointWishes,
  policy: TargetPolicy,
): Promise<Written<WebhookEndpoint>> {
  await lockEndpoint(transaction, id, tenant);
  const known = await readEndpoint(transaction, id, tenant);
  await checkWishes(transaction, known.tenant, wishes, policy);
  const { url, description, types, pbxs, parallel } = { ...known, ...wishes };
  await transaction.query(
    `update webhook_endpoint set url = $2, description = $3, types = $4::text[], pbx_ids = $5::uuid[], parallel = $6,
       revision = revision + 1
     where id = $1`,
    [id, url, description, types, pbxs, parallel],
  );
  const changed = Object.keys(wishes).join(', ');
  await writeWebhookAudit(transaction, {
    tenant: known.tenant,
    endpoint: id,
    action: 'changed',
    by,
    detail: wishes.url === undefined ? changed : `${changed} (${hostIn(wishes.url)})`,
  });
  const messages = await postUpdate(transaction, id);
  return { result: await readEndpoint(transaction, id), messages };
}

export async function deleteEndpoint(
  transaction: Transaction,
  { id, tenant, by }: EndpointAddress,
): Promise<Written<WebhookEndpoint>> {
  await lockEndpoint(transaction, id, tenant);
  const known = await readEndpoint(transaction, id, tenant);
  await transaction.query('delete from webhook_endpoint where id = $1', [id]);
  await writeWebhookAudit(transaction, {
    tenant: known.tenant,
    endpoint: id,
    action: 'removed',
    by,
    detail: hostIn(known.url),
  });
  return { result: known, messages: await postRemoval(transaction, known.tenant, id) };
}

export async function replaceSecret(
  transaction: Transaction,
  { id, tenant, by }: EndpointAddress,
  keys: WebhookKeys,
): Promise<string> {
  await lockEndpoint(transaction, id, tenant);
  const known = await readEndpoint(transaction, id, tenant);
  await writeWebhookAudit(transaction, {
    tenant: known.tenant,
    endpoint: id,
    action: 'secret_rotated',
    by,
    detail: null,
  });
  return await addSecret(transaction, id, keys);
}

/** The path may hold a secret of the receiver, so audits name the host only. */
const hostIn = (url: string): string => URL.parse(url)?.host ?? '?';
