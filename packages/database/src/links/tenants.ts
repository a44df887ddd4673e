import type { TenantId } from '@trunkline/domain';
import type { Transaction } from '../transaction.ts';

export interface ListedTenant {
  readonly id: TenantId;
  readonly name: string;
}

export async function listTenants(transaction: Transaction): Promise<ListedTenant[]> {
  return transaction.query<ListedTenant>('select id, name from tenant order by name, id');
}

/** Adds a tenant; one with the same id is left as it is. */
export async function addTenant(
  transaction: Transaction,
  { id = null, name }: { readonly id?: TenantId | null; readonly name: string },
): Promise<TenantId> {
  const [row] = await transaction.query<{ id: TenantId }>(
    `with added as (
       insert into tenant (id, name) values (coalesce($1::uuid, gen_random_uuid()), $2)
       on conflict (id) do nothing returning id
     )
     select id from added union all select id from tenant where id = $1 limit 1`,
    [id, name],
  );
  if (row === undefined) throw new Error('the tenant was being added by somebody else; try again');
  return row.id;
}
