import type { Database } from '@trunkline/database';
import type { TenantId } from '@trunkline/domain';
import type { Bench } from '../bench.ts';
import { findTenant } from '../tenant/find-tenant.ts';

/** Contacts are a tenant's; where there is only one it need not be named. */
export async function tenantNamed(
  bench: Bench,
  named: string | undefined,
): Promise<{ readonly tenant: TenantId; readonly database: Database }> {
  const database = await bench.database();
  const { id: tenant } = await database.run((tx) => findTenant(tx, named));
  return { tenant, database };
}
