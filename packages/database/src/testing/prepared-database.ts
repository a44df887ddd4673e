import { createTestDatabase } from '@trunkline/backing-services/testing';
import { pbxIds } from '@trunkline/domain/testing';
import { openDatabase, type Database } from '../database.ts';
import { migrate } from '../migrate.ts';

export const tenantIds = [
  '10000000-0000-4000-8000-000000000001',
  '10000000-0000-4000-8000-000000000002',
] as const;

/** A migrated database of a test's own with two tenants, of which the second owns the last of the test PBXs. */
export async function preparedDatabase(connectionsMax = 10): Promise<Database & { readonly url: string }> {
  const created = await createTestDatabase(async (url) => {
    await migrate(url);
  });
  const database = await openDatabase({ url: created.url, applicationName: 'test', connectionsMax });
  await database.transaction(async (transaction) => {
    await transaction.query(`insert into tenant (id, name) select unnest($1::uuid[]), 'tenant'`, [tenantIds]);
    for (const [index, id] of pbxIds.entries()) {
      await transaction.query(`insert into pbx (id, tenant_id, name, vendor) values ($1, $2, $3, 'test')`, [
        id,
        tenantIds[index === pbxIds.length - 1 ? 1 : 0],
        `pbx ${index + 1}`,
      ]);
    }
  });
  return Object.assign(database, {
    url: created.url,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await created[Symbol.asyncDispose]();
    },
  });
}
