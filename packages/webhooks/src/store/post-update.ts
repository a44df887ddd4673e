import { changesToPostings, postOutbox, type OutboxMessage, type Transaction } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';

/** Tells the screens of a tenant how an endpoint stands. Its address is not told: it may hold a secret of the receiver. */
export async function postUpdate(transaction: Transaction, endpoint: string): Promise<OutboxMessage[]> {
  const [row] = await transaction.query<{ readonly tenant: TenantId; readonly row: string }>(
    `select tenant_id as tenant, row_to_json(shown)::text as row
     from webhook_endpoint e, lateral (select e.id as endpoint, e.description, e.state, e.state_reason as reason,
       e.state_since as since, e.revision) shown
     where e.id = $1`,
    [endpoint],
  );
  return row === undefined ? [] : post(transaction, row.tenant, row.row);
}

export const postRemoval = (
  transaction: Transaction,
  tenant: TenantId,
  endpoint: string,
): Promise<OutboxMessage[]> =>
  post(transaction, tenant, JSON.stringify({ endpoint, state: 'removed', reason: 'asked' }));

const post = (transaction: Transaction, tenant: TenantId, rows: string): Promise<OutboxMessage[]> =>
  postOutbox(transaction, changesToPostings({ webhook_update: [{ tenant, rows }] }));
