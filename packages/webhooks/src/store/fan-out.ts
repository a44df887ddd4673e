import type { Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import { webhookTypes } from '../event-types.ts';
import {
  deliveriesOf,
  type CommittedMessage,
  type DraftDelivery,
  type Wishes,
} from '../message-deliveries.ts';
import type { DeliveryJob } from '../webhook-queue.ts';
import { backlogOf } from './endpoint.ts';
import { noteGap, tellGap } from './gap.ts';
import { handOut } from './hand-out.ts';
import { insertDeliveries } from './insert-deliveries.ts';

export interface FannedOut {
  readonly messages: number;
  readonly deliveries: number;
  /** Rows that were not kept because a backlog was full. */
  readonly dropped: number;
  /** To be enqueued after the commit. */
  readonly jobs: readonly DeliveryJob[];
  /** There may be more of this tenant. */
  readonly more: boolean;
}

/** Messages taken at once, and their letters together unless one alone is larger. */
const messagesMax = 100;
const lettersMax = 2 * 1024 * 1024;

/** Tenants for whom messages wait: one look into the index for each, however many messages there are. */
export async function tenantsWaiting(transaction: Transaction): Promise<TenantId[]> {
  const rows = await transaction.query<{ readonly tenant: TenantId }>(
    `with recursive waiting as (
       (select tenant_id as tenant from webhook_message order by tenant_id limit 1)
       union all
       select (select m.tenant_id from webhook_message m where m.tenant_id > w.tenant order by m.tenant_id limit 1)
       from waiting w where w.tenant is not null
     )
     select tenant from waiting where tenant is not null`,
  );
  return rows.map(({ tenant }) => tenant);
}

/**
 * Turns the oldest messages of a tenant into deliveries, in one transaction: messages go and deliveries come together or
 * not at all. One replica at a time does it for a tenant; null where another one is at it.
 */
export async function fanOut(
  transaction: Transaction,
  tenant: TenantId,
  { backlogMax }: { readonly backlogMax: number },
): Promise<FannedOut | null> {
  const mine = await transaction.query('select from tenant where id = $1 for no key update skip locked', [
    tenant,
  ]);
  if (mine.length === 0) return null;
  const messages = await takeMessages(transaction, tenant);
  const endpoints = await enabledEndpoints(transaction, tenant);
  const known = new Set<string>(webhookTypes);
  const drafts = messages.flatMap((message) =>
    deliveriesOf(message, endpoints, known).map((draft) => ({ ...draft, at: message.createdAt })),
  );
  let deliveries = 0;
  const jobs: DeliveryJob[] = [];
  for (const { id } of endpoints) {
    const own = drafts.filter(({ endpoint }) => endpoint === id);
    if (own.length === 0) continue;
    deliveries += await insertWithin(transaction, tenant, id, own, backlogMax);
    jobs.push(...(await handOut(transaction, id)));
  }
  const dropped = drafts.length - deliveries;
  return { messages: messages.length, deliveries, dropped, jobs, more: messages.length > 0 };
}

/** What fits into the backlog of an endpoint; the rest is a gap of which it will be told. */
async function insertWithin(
  transaction: Transaction,
  tenant: TenantId,
  endpoint: string,
  own: readonly (DraftDelivery & { readonly at: Date })[],
  backlogMax: number,
): Promise<number> {
  // The lock that settling takes too: the count below holds until the commit.
  const [row] = await transaction.query<{ readonly backlog: number }>(
    `select ${backlogOf('locked.id')} as backlog
     from (
       select id from webhook_endpoint where id = $1 and state = 'enabled' for no key update
     ) locked`,
    [endpoint],
  );
  if (row === undefined) return 0;
  await tellGap(transaction, endpoint, backlogMax);
  const fitting = own.slice(0, Math.max(0, backlogMax - row.backlog));
  await insertDeliveries(transaction, tenant, fitting);
  const firstMissed = own[fitting.length];
  if (firstMissed !== undefined)
    await noteGap(transaction, endpoint, { since: firstMissed.at, missed: own.length - fitting.length });
  return fitting.length;
}

async function takeMessages(transaction: Transaction, tenant: TenantId): Promise<CommittedMessage[]> {
  const rows = await transaction.query<{ id: string; payload: string; createdAt: string }>(
    `with taken as (
       delete from webhook_message m using (
         select id, sum(octet_length(payload)) over (order by id) - octet_length(payload) as before
         from (select id, payload from webhook_message where tenant_id = $1 order by id limit ${messagesMax}) oldest
       ) own
       where m.id = own.id and own.before < ${lettersMax}
       returning m.id, m.payload, m.created_at
     )
     select id, payload, created_at as "createdAt" from taken order by id`,
    [tenant],
  );
  return rows.map(({ payload, createdAt }) => ({ payload, createdAt: new Date(createdAt) }));
}

async function enabledEndpoints(transaction: Transaction, tenant: TenantId): Promise<Wishes[]> {
  const rows = await transaction.query<{ id: string; types: string | null; pbxs: string | null }>(
    `select id, to_json(types)::text as types, to_json(pbx_ids)::text as pbxs
     from webhook_endpoint where tenant_id = $1 and state = 'enabled' order by id`,
    [tenant],
  );
  return rows.map(({ id, types, pbxs }) => ({
    id,
    types: types === null ? null : (JSON.parse(types) as string[]),
    pbxs: pbxs === null ? null : (JSON.parse(pbxs) as string[]),
  }));
}
