import type { Transaction } from '../transaction.ts';

/**
 * Takes delivered messages out of the outbox. Those of tenants that have a webhook go into its queue in the same
 * statement, so that a message leaves the outbox once, whatever crashes, and never without its copy. Tenants without one
 * cost the look into an index that holds nothing of theirs.
 */
export async function takeOut(transaction: Transaction, ids: readonly string[]): Promise<void> {
  await transaction.query(
    `with taken as (
       delete from outbox where id = any($1::bigint[]) returning id, tenant_id, payload, created_at
     )
     insert into webhook_message (id, tenant_id, payload, created_at)
     select t.id, t.tenant_id, t.payload, t.created_at from taken t
     where exists (select from webhook_endpoint e where e.tenant_id = t.tenant_id and e.state = 'enabled')`,
    [ids],
  );
}
